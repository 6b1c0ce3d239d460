"""The rules of the house, kept by tests: who imports whom, one home per foreign library, lint, types, documentation."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("corpus/**/*.py")])
# A foreign library → the only files that may import it.
HOMES = {
    "chromadb": {"corpus/index/vectors.py"},
    "tantivy": {"corpus/index/lexical.py"},
    "rapidfuzz": {"corpus/answer/spelling.py"},
    "spellchecker": {"corpus/answer/spelling.py"},
    "datasketch": {"corpus/ingest/copies.py"},
    "discord": {file.relative_to(ROOT).as_posix() for file in ROOT.glob("bot/**/*.py")}
    - {"bot/render.py", "bot/pages.py"},
    "aiohttp": {"bot/delivery.py", "bot/replies.py", "bot/run.py"},
    "sentence_transformers": {"corpus/index/embed.py", "corpus/index/rerank.py"},
    "sentencex": {"corpus/index/split.py"},
    "yaml": {"corpus/ingest/front.py"},
    "re2": {"corpus/ingest/pattern.py"},
    "sqlite3": {"corpus/archive.py", "bot/record.py"},
    "pydantic_settings": {"corpus/settings.py", "bot/settings.py"},
    "typer": {"bot/cli.py", "bot/changing.py", "bot/evaluating.py", "bot/refreshing.py", "bot/sources.py"},
    "filelock": {"bot/run.py", "corpus/keeping.py"},
    "httpcore2": {"corpus/ingest/request.py"},
    "protego": {"corpus/ingest/robots.py"},
    "tenacity": {"corpus/ingest/courtesy.py"},
    "idna": {"corpus/ingest/address.py"},
    "feedparser": {"corpus/ingest/apart/feed.py"},
    "pypdf": {"corpus/ingest/apart/pdf.py"},
    "htmldate": {"corpus/ingest/apart/said.py"},
    "lxml": {f"corpus/ingest/apart/{name}.py" for name in ("page", "fragment", "mend", "sitemap")},
    "trafilatura": {"corpus/ingest/apart/page.py"},
}
# A package of ours → the packages of ours that it may import, besides itself and what stands in COMMON.
COMMON = tuple(f"corpus.{name}" for name in "models upkeep errors settings jsonlines budgets private".split())
ROOMS = {
    "corpus/ingest": set(),
    "corpus/index": {"corpus.archive"},
    "corpus/answer": set(),
    "corpus/evaluation": {"corpus.library", "corpus.answer.question", "corpus.answer.sections", "corpus.index.split"},
    "corpus/models.py": set(),
    "corpus/upkeep.py": set(),
    "corpus/errors.py": set(),
    "corpus/settings.py": set(),
    "corpus/archive.py": set(),
    "corpus/readings.py": {"corpus.archive"},
    "corpus/ledger.py": {"corpus.archive", "corpus.readings"},
}


def imports(file: Path):
    """The modules, and the names in them, that a file imports."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide who imports whom"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_keep_to_the_rooms(file):
    """corpus/ never imports bot/; bot/ uses corpus's public names; ingest, index and answer do not know each other."""
    name = file.relative_to(ROOT).as_posix()
    for module in imports(file):
        top = module.split(".")[0]
        if top in HOMES:
            assert name in HOMES[top], f"{name} imports {module}; its home is {HOMES[top]}"
        if name.startswith("corpus/"):
            assert top != "bot", f"{name} imports {module}"
        elif top == "corpus" and module != "corpus":
            public = module.removeprefix("corpus.")
            assert re.fullmatch(r"[A-Za-z_]+", public), f"{name} imports {module}, which is not a public name"
            assert public in public_names(), f"{name} imports {module}, which corpus does not export"
        for room, allowed in ROOMS.items():
            if name.startswith(room) and top == "corpus" != module:  # of `from corpus import x`, corpus.x follows
                own = room.removesuffix(".py").replace("/", ".")
                fine = (own, *COMMON, *allowed)
                assert module.startswith(fine), f"{name} imports {module}, which is another room"


def public_names():
    tree = ast.parse((ROOT / "corpus/__init__.py").read_text(encoding="utf-8"))
    listed = next(n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__")
    return set(ast.literal_eval(listed))


def test_a_cog_never_imports_a_cog():
    for file in ROOT.glob("bot/cogs/*.py"):
        assert not [name for name in imports(file) if name.startswith("bot.cogs")], file.name


def test_only_the_console_prints():
    for file in FILES:
        code = file.read_text(encoding="utf-8")
        if file.name != "console.py":
            assert not re.search(r"\bprint\(|\bConsole\(|std(out|err)\.write", code), (
                f"{file} prints; console.py should"
            )


def test_no_help_text_waits_for_a_heavy_import():
    """`footnote --help` imports neither the model's library nor the vector store, nor even the corpus."""
    told = "import sys, bot.cli; print(*[m for m in sys.modules if '.' not in m])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert not loaded & {"torch", "transformers", "sentence_transformers", "chromadb", "tantivy", "numpy", "corpus"}


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--no-error-summary"],
    ],
    ids=" ".join,
)
def test_lint_and_types(command):
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[A-Za-z-]+(\[\w+\])?(>=|==)', line)]
    assert len(dependencies) > 10
    for line in dependencies:
        assert re.search(r"#\s+\S+.{15,}", line), f"no reason beside {line.strip()}"


def setting_names():
    from bot.settings import BotSettings  # noqa: PLC0415
    from corpus import CorpusSettings  # noqa: PLC0415

    return {f"FOOTNOTE_{name.upper()}" for name in (*CorpusSettings.model_fields, *BotSettings.model_fields)}


def test_env_example_names_exactly_the_settings():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?(FOOTNOTE_[A-Z_]+)=", text, flags=re.MULTILINE))
    assert named == setting_names()


def test_env_example_can_be_used_as_it_is(tmp_path, monkeypatch):
    """Copied to .env with every line switched on, it is valid."""
    from bot.settings import BotSettings  # noqa: PLC0415
    from corpus import CorpusSettings  # noqa: PLC0415

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(re.sub(r"^#(FOOTNOTE_)", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_DATA_DIR", raising=False)
    assert BotSettings().discord_api_url == "http://127.0.0.1:8080/api/v10"
    settings = CorpusSettings()
    assert settings.model == CorpusSettings.model_fields["model"].default
    assert settings.data_dir == tmp_path / "data"


def test_readme_names_every_command_and_setting_and_exit_code():
    from bot import cli, errors  # noqa: PLC0415

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in cli.app.registered_commands:
        assert f"footnote {command.name or command.callback.__name__}" in readme
    for group in cli.app.registered_groups:
        for command in group.typer_instance.registered_commands:
            assert f"footnote {group.name} {command.name or command.callback.__name__}" in readme
    for name in setting_names():
        assert name in readme
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert len(codes) == 15
    for code in codes:
        assert f"| {code} |" in readme


def test_ci_runs_the_readmes_test_command():
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for part in ("python3 -m venv .venv", "-e '.[test]'", ".venv/bin/python -m pytest"):
        assert part in ci
        assert part in readme


def test_each_test_that_the_threat_model_names_exists():
    model = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    file, named = None, 0
    for found in re.finditer(r"`(test_\w+\.py)?(?:::(test_\w+))?`", model):
        file = ROOT / "tests" / found[1] if found[1] else file
        assert file is not None, f"{found[0]} names no file"
        assert file.exists(), f"{file} is not there"
        assert not found[2] or f"def {found[2]}(" in file.read_text(encoding="utf-8"), f"{found[0]} is not there"
        named += 1
    assert named > 20
