"""What the documents name is there: files, links, commands, settings, exit codes, folders, tests."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
# Files that a page describes before they are built. Take out of this list, add nothing to it.
AHEAD = {
    "corpus/answer/ask.py",
    "corpus/answer/cite.py",
    "corpus/answer/writers/base.py",
    "corpus/index/vector_stores/base.py",
    "corpus/ingest/sources/base.py",
    "corpus/ingest/sources/feed.py",
    "corpus/ingest/sources/folder.py",
    "corpus/ingest/sources/pages.py",
    "corpus/ingest/sources/sitemap.py",
    "corpus/query/follow_up.py",
    "corpus/query/understand.py",
    "corpus/storage/database.py",
    "corpus/storage/record.py",
    "corpus/storage/restore.py",
    "corpus/storage/schema.py",
}
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
        assert path in AHEAD or list(ROOT.glob(path)), f"{page.name} names {path}"


def test_what_is_built_is_not_awaited():
    assert {path for path in AHEAD if (ROOT / path).exists()} == set(), "take these out of AHEAD"


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
