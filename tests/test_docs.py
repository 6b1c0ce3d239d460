"""What the documents name is there: files, links, commands, settings, exit codes, folders, tests."""

import ast
import re
import shlex
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
# What a page describes before it is built: files, folders, settings. Take out of this list, add nothing to it.
SETTINGS = set(re.findall(r"^#?(FOOTNOTE_[A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), flags=re.MULTILINE))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_links(text: str) -> str:
    """The text without addresses of the web, whose paths are not ours."""
    return re.sub(r"https?://\S+", "", text)


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_each_link_leads_somewhere(page):
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors_of(there), f"{page.name} links to {target}#{anchor}"


@each_page
def test_each_path_that_a_page_names_exists(page):
    text = without_links(page.read_text(encoding="utf-8"))
    for path in re.findall(r"(?<![\w/.(-])((?:bot|corpus|tests|docs|\.ci)/[\w/.*-]*[\w*/])", text):
        assert list(ROOT.glob(path)), f"{page.name} names {path}"


def test_each_decision_that_the_code_points_to_exists():
    there = {page.name[:4] for page in DECISIONS}
    for file in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("corpus/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        named = set(re.findall(r"docs/decisions/(\d{4})", file.read_text(encoding="utf-8")))
        assert named <= there, f"{file} points to {named - there}"


def test_each_decision_is_in_the_index_and_has_its_four_parts():
    index = text_of("docs/decisions/README.md")
    numbers = [page.name[:4] for page in DECISIONS]
    assert len(numbers) == len(set(numbers)) > 40
    for page in DECISIONS:
        text = page.read_text(encoding="utf-8")
        title = re.match(rf"# {int(page.name[:4])}\. (.*)\n", text)
        assert title, f"{page.name} begins with its number and title"
        assert f"- [{page.name[:4]}]({page.name}) {title[1]}\n" in index
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE) == [
            "Context",
            "Decision",
            "Evidence",
            "Consequences",
        ], page.name


# Commands, settings, exit codes


def commands_in(text: str) -> set[str]:
    """What a page shows of the command `footnote`, from its name to the end of the line or of the code."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    lines = [line for block in blocks for line in block.splitlines()] + inline
    starts = r"^(?:\$ |.*&& |[\d*/ ]+ |FOOTNOTE_\w+=\S+ )?(?:\.venv/bin/)?(footnote (?:[a-z]|--).*)"
    return {found[1] for line in lines if (found := re.match(starts, line))}


def check_command(shown: str) -> None:
    """Raise an AssertionError where a command is not there, or has not one of the options shown."""
    from bot.cli.app import app  # noqa: PLC0415

    words = shlex.split(re.split(r" [#>]", shown)[0].replace("…", "").translate(str.maketrans("[]|", "   ")))[1:]
    command = typer.main.get_command(app)
    while words and (group := getattr(command, "commands", None)) and not words[0].startswith("-"):
        names = words.pop(0).split("|")
        assert names[0] in group, f"`{shown}`: there is no {names[0]}"
        command = group[names[0]]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "--version"}
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert given <= options, f"`{shown}`: it has no {given - options}"


@each_page
def test_each_command_that_a_page_shows_is_there_with_its_options(page):
    for shown in commands_in(page.read_text(encoding="utf-8")):
        check_command(shown)


@pytest.mark.parametrize("wrong", ["footnote answer", "footnote ask --loud", "footnote sources drop NAME"])
def test_a_command_that_is_not_there_is_found(wrong):
    (shown,) = commands_in(f"Try `{wrong}`.")
    with pytest.raises(AssertionError):
        check_command(shown)


def test_the_readme_names_every_command():
    from bot.cli import app as cli  # noqa: PLC0415

    readme = text_of("README.md")
    for command in cli.app.registered_commands:
        assert f"footnote {command.name or command.callback.__name__}" in readme
    for group in cli.app.registered_groups:
        for command in group.typer_instance.registered_commands:
            assert f"footnote {group.name} {command.name or command.callback.__name__}" in readme


def test_the_operators_page_describes_every_setting_and_exit_code():
    from bot import errors  # noqa: PLC0415

    page = text_of("docs/operators.md")
    assert len(SETTINGS) > 10
    assert set(re.findall(r"^\| `(FOOTNOTE_[A-Z_]+)` \|", page, flags=re.MULTILINE)) == SETTINGS
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert len(codes) == 15
    for code in codes:
        assert f"| {code} |" in page


def test_ci_runs_the_readmes_test_command():
    for part in ("python3 -m venv .venv", "-e '.[test]'", ".venv/bin/python -m pytest"):
        assert part in text_of(".ci/run")
        assert part in text_of("README.md")
        assert part in text_of("CONTRIBUTING.md")


def test_the_readme_pins_torch_as_the_project_does():
    assert re.search(r"install (torch==\S+) ", text_of("README.md"))[1] in text_of("pyproject.toml")


# What pages list


def test_each_slash_command_is_on_a_page_for_who_may_use_it():
    tree = ast.parse(text_of("tests/support/permission_table.py"))
    needs = next(n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "NEEDS")
    members, moderators = text_of("docs/members.md"), text_of("docs/moderators.md")
    for what, right in ast.literal_eval(needs).items():
        if not what.startswith("fn:"):
            page = members if right == "nothing" else moderators
            assert re.search(rf"[`*]{what}[`*]", page), f"{what} is on no page"


def test_contributing_names_each_folder_and_stays_short():
    text = text_of("CONTRIBUTING.md")
    listed = re.findall(r"^((?:bot|corpus)/(?:\w+/)*) ", text, flags=re.MULTILINE)
    files = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("corpus/**/*.py")]
    folders = {f"{file.parent.relative_to(ROOT).as_posix()}/" for file in files}
    assert len(listed) == len(set(listed))
    assert set(listed) == folders
    assert len(text.splitlines()) <= 120


def test_each_how_to_page_is_linked_and_stays_short():
    pages = sorted(ROOT.glob("docs/how-to/*.md"))
    assert pages
    for page in pages:
        assert f"docs/how-to/{page.name}" in text_of("CONTRIBUTING.md")
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 40, page.name


def test_each_test_that_the_threat_model_names_exists():
    there = {file.name: file.read_text(encoding="utf-8") for file in ROOT.glob("tests/**/test_*.py")}
    named, code = 0, ""
    for found in re.finditer(r"`(?:[\w/]+/)?(test_\w+\.py)?(?:::(test_\w+))?`", text_of("docs/threat-model.md")):
        code = there[found[1]] if found[1] else code
        assert not found[2] or f"def {found[2]}(" in code, f"{found[0]} is not there"
        named += 1
    assert named > 20
