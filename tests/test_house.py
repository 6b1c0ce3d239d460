"""The rules of the house, kept by tests: who imports whom, one home per foreign library, lint, types, settings."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("corpus/**/*.py")])
WORKER = "corpus/ingest/parse/sandbox_worker"
# A foreign library → the only files that may import it.
HOMES = {
    "chromadb": {"corpus/index/vector_stores/chroma_embedded.py"},
    "tantivy": {"corpus/index/keyword_index.py"},
    "rapidfuzz": {"corpus/query/spelling.py", "corpus/text/name_search.py"},
    "spellchecker": {"corpus/query/spelling.py"},
    "discord": {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.glob("bot/discord/**/*.py")
        if file.name != "message.py" and not {"store", "messages"} & set(file.parts)
    },
    "aiohttp": {"bot/discord/interactions.py", "bot/discord/error_replies.py", "bot/discord/run.py"},
    "sentence_transformers": {"corpus/index/embedders/sentence_transformer.py", "corpus/answer/rerank.py"},
    "onnxruntime": {"corpus/index/embedders/built_in.py"},
    "tokenizers": {"corpus/index/embedders/built_in.py"},
    "sentencex": {"corpus/index/sentence_ends.py"},
    "py3langid": {"corpus/text/language_detection.py"},
    "yaml": {"corpus/ingest/parse/front_matter.py"},
    "re2": {"corpus/ingest/parse/url_pattern.py"},
    "sqlite3": {"corpus/storage/database.py", "corpus/storage/restore.py", "bot/discord/store/database.py"},
    "pydantic_settings": {"corpus/settings.py", "bot/settings.py"},
    "typer": {f"bot/cli/{name}.py" for name in ("app", "evaluate", "history", "refresh", "sources")},
    "filelock": {"bot/discord/run.py", "corpus/ingest/update/workspace.py"},
    "httpcore2": {"corpus/ingest/fetch/connection.py"},
    "protego": {"corpus/ingest/fetch/robots.py"},
    "tenacity": {"corpus/ingest/fetch/politeness.py"},
    "babel": {"corpus/text/calendar_names.py"},
    "charset_normalizer": {"corpus/text/charset_guess.py"},
    "idna": {"corpus/text/urls.py"},
    "feedparser": {f"{WORKER}/feed.py"},
    "pypdf": {f"{WORKER}/pdf.py"},
    "lxml": {f"{WORKER}/{name}.py" for name in ("page", "markdown", "html_fragment", "feed_repair", "sitemap")},
    "trafilatura": {f"{WORKER}/page_text.py"},
    "markdown_it": {f"{WORKER}/markdown.py"},
}
# A package or module of ours → those of ours that it may import besides itself and the ground.
GROUND = {"corpus.models", "corpus.errors", "corpus.settings", "corpus.text", "corpus.budgets", "corpus.private"}
LEVEL_GROUND = {"bot.errors", "bot.settings", "bot.text", "bot.shared", "bot.highlights"}
FACES = {"bot.files", "bot.source_health", "bot.contract"}
FEATURE_ROOMS = {
    f"bot.discord.features.{folder.name}"
    for folder in ROOT.glob("bot/discord/features/*/")
    if folder.name != "__pycache__"
}
ROOMS = {
    "corpus.models": {"corpus.text"},
    "corpus.text": set(),
    "corpus.errors": set(),
    "corpus.settings": set(),
    "corpus.budgets": set(),
    "corpus.private": {"corpus.errors"},
    "corpus.filters": GROUND | {"corpus.query"},
    "corpus.storage": GROUND,
    "corpus.index": GROUND | {"corpus.storage"},
    "corpus.query": GROUND,
    "corpus.answer": GROUND | {"corpus.query", "corpus.index", "corpus.filters"},
    "corpus.ingest": set(),
    "corpus.ingest.fetch": GROUND,
    "corpus.ingest.parse": GROUND,
    WORKER.replace("/", "."): set(),
    "corpus.ingest.sources": GROUND | {"corpus.ingest.parse", "corpus.ingest.fetch"},
    "corpus.ingest.update": GROUND
    | {"corpus.ingest.sources", "corpus.ingest.parse", "corpus.ingest.fetch", "corpus.storage", "corpus.index"}
    | {"corpus.filters"},
    "corpus.library": GROUND | {"corpus.answer", "corpus.query", "corpus.ingest.update", "corpus.index"},
    "corpus.evaluation": GROUND | {"corpus.library", "corpus.filters"},
    "bot.errors": {"corpus"},
    "bot.settings": {"bot.text", "corpus"},
    "bot.text": set(),
    "bot.shared": set(),
    "bot.highlights": {"corpus"},
    "bot.files": LEVEL_GROUND | {"corpus"},
    "bot.source_health": LEVEL_GROUND | {"corpus"},
    "bot.contract": LEVEL_GROUND | {"corpus"},
    "bot.cli": LEVEL_GROUND | FACES | {"bot.cli.run", "bot.discord.store", "corpus"},  # the store knows no Discord
    "bot.cli.run": LEVEL_GROUND | {"bot.cli", "bot.discord.run"},
    "bot.discord": LEVEL_GROUND | FACES | {"bot.discord.jobs", "bot.discord.store", "corpus"},
    "bot.discord.run": LEVEL_GROUND
    | {"bot.discord", "bot.discord.all_features", "bot.discord.jobs", "bot.discord.store", "corpus"},
    "bot.discord.store": LEVEL_GROUND | {"corpus"},
    "bot.discord.messages": LEVEL_GROUND | {"bot.discord", "corpus"},
    "bot.discord.earlier_questions": LEVEL_GROUND | {"bot.discord", "bot.discord.messages"},
    "bot.discord.jobs": LEVEL_GROUND | FACES | {"bot.discord", "bot.discord.store", "corpus"},
    "bot.discord.features": set(),
    "bot.discord.all_features": FEATURE_ROOMS,
    **{
        room: LEVEL_GROUND
        | FACES
        | {"bot.discord", "bot.discord.jobs", "bot.discord.messages", "bot.discord.store", "corpus"}
        | {"bot.discord.earlier_questions"}
        for room in FEATURE_ROOMS
    },
}
# The public names, and the two ways to start: these import what they show or start.
OPEN = {"corpus", "bot", "bot.__main__"}
# Imports that break the walls as they stand. Take out of this list, add nothing to it.
EXCEPTIONS = {
    "corpus.evaluation.questions → corpus.query.question",
    "corpus.evaluation.stubs → corpus.answer.sentences",
    "corpus.evaluation.stubs → corpus.index.chunking",
}
# Words of a private English in names: the field has a plain one for each of them.
PRIVATE_VALUES = frozenset("hear heard said spoken tell telling told whom wish".split())
PRIVATE_WORDS = PRIVATE_VALUES | frozenset(
    "apart dissect furniture gathered harvest hearing keeper keeping ledger mend silent standing".split()
)
# In the record of a source, where the column has this name: whether its failing was told.
NAMED_SO = ("corpus.models.sources",)
# Small pure helpers without a domain; what has one goes to it.
TEXT = {"__init__", "canonical_url", "dates", "headings", "json_lines", "language", "media_type", "person_name"}
TEXT |= {"calendar_names", "charset_guess", "decoding", "language_detection", "name_search", "plain", "slug", "urls"}
TEXT |= {"written_dates"}


def module_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module_of(file) for file in FILES}


def room_of(module: str) -> str | None:
    """The nearest room around a module; None where it stands in none."""
    parts = module.split(".")
    around = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in around if name in ROOMS), None)


def breaches() -> set[str]:
    """Every import of ours that a room may not have, as "who → whom"."""
    found = set()
    for file in FILES:
        own = module_of(file)
        if own in OPEN:
            continue
        room = room_of(own)
        assert room, f"{own} stands in no room: give it a package, or a line in ROOMS"
        for module in imports(file):
            if module in MODULES:
                other = room_of(module) or module
                if other != room and other not in ROOMS[room] and module not in ("corpus", "bot"):
                    found.add(f"{own} → {module}")
    return found


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file's tree; it is parsed once for all the rules."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def imports(file: Path) -> tuple[str, ...]:
    """The modules, and the names in them, that a file imports."""
    return tuple(_imports(file))


def _imports(file: Path):
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level and file.relative_to(ROOT).as_posix().startswith(WORKER):
                continue  # a package of its own in its process: it knows its modules by no other name
            assert node.level == 0, f"{file}: relative imports hide who imports whom"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_keep_to_the_homes(file):
    """corpus/ never imports bot/; bot/ uses corpus's public names; each foreign library has its home."""
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


def test_imports_keep_to_the_rooms():
    """Who may know whom (ROOMS). What is let through by name (EXCEPTIONS) leaves the list when it is mended."""
    found = breaches()
    assert found - EXCEPTIONS == set(), "these imports go through a wall"
    assert EXCEPTIONS - found == set(), "these exceptions are needed no more: take them out of the list"


def test_no_module_imports_itself_by_a_detour():
    """No circle among all our modules, with imports inside of functions and those for types alone."""
    imported = {}
    for file in FILES:
        named = set(imports(file)) & MODULES - {module_of(file)}
        # `from corpus import budgets` imports that module, not what the package shows.
        imported[module_of(file)] = {m for m in named if not any(other.rpartition(".")[0] == m for other in named)}
    for circle in circles(imported):
        raise AssertionError(f"these import each other: {' → '.join(circle)}")


def circles(imported: dict[str, set[str]]):
    """One way round of each group of modules that import each other."""
    done: set[str] = set()
    way: list[str] = []

    def visit(module: str):
        if module in way:
            yield [*way[way.index(module) :], module]
        elif module not in done:
            way.append(module)
            for other in sorted(imported[module]):
                yield from visit(other)
            done.add(way.pop())

    for module in sorted(imported):
        yield from visit(module)


def arguments_of(file: Path):
    """All arguments of functions and lambdas, each with the source of its annotation, or ""."""
    for node in nodes_of(file):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            given = node.args
            for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs):
                yield node, arg.arg, ast.unparse(arg.annotation) if arg.annotation else ""


def test_now_is_a_time():
    """A generation of the index is called generation."""
    for file in FILES:
        for node, name, annotation in arguments_of(file):
            is_generation = "Generation" in annotation or isinstance(node, ast.Lambda)
            assert name != "now" or not is_generation, f"{file}:{node.lineno}: now is no time here"


def test_names_are_plain():
    """No function, class, argument or variable is named by a word that only we use so."""
    for file in FILES:
        if module_of(file).startswith(NAMED_SO):
            continue
        for node in nodes_of(file):
            private = set()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                private = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", node.name)} & PRIVATE_WORDS
            elif isinstance(node, ast.arg):
                private = {node.arg} & PRIVATE_VALUES
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                private = {node.id} & PRIVATE_VALUES
            assert not private, f"{file}:{node.lineno}: {private} in a name"


def test_the_text_helpers_are_these():
    assert {file.stem for file in ROOT.glob("corpus/text/*.py")} == TEXT


def test_no_folder_of_the_tests_is_a_package():
    """tests/bot/ with an __init__.py would be taken for the package bot."""
    assert not list(ROOT.glob("tests/**/__init__.py"))


@cache
def public_names():
    tree = ast.parse((ROOT / "corpus/__init__.py").read_text(encoding="utf-8"))
    listed = next(n.value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__")
    return set(ast.literal_eval(listed))


def test_only_the_console_prints():
    for file in FILES:
        code = file.read_text(encoding="utf-8")
        if file != ROOT / "bot/cli/console.py":
            prints = re.search(r"\bprint\(|\bConsole\(|std(out|err)\.write", code)
            assert not prints, f"{file} prints; console.py should"


# A command → what it may not import: nothing heavy is loaded before it is needed.
TORCH = {"torch", "transformers", "sentence_transformers", "scipy", "sklearn", "sympy"}
INGESTION = {
    "trafilatura",
    "lxml",
    "feedparser",
    "babel",
    "py3langid",
    "charset_normalizer",
    "markdown_it",
}
LISTS = {*TORCH, *INGESTION - {"markdown_it"}, "chromadb", "onnxruntime", "tokenizers", "rapidfuzz", "spellchecker"}
HEAVY = {
    "--help": {
        *TORCH,
        *INGESTION - {"markdown_it"},
        "chromadb",
        "onnxruntime",
        "tantivy",
        "numpy",
        "pydantic",
        "corpus",
    },
    "entries": LISTS,
    "status": LISTS,
    "ask Who?": {*TORCH, *INGESTION - {"markdown_it"}},
}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    """The environment of a command over the shipped corpus and the built-in model."""
    data = tmp_path_factory.mktemp("indexed") / "data"
    environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_OFFLINE": "true"}
    subprocess.run([sys.executable, "-m", "bot", "refresh"], check=True, capture_output=True, cwd=ROOT, env=environment)
    return environment


@pytest.mark.parametrize("words", HEAVY)
def test_nothing_heavy_is_imported_before_it_is_needed(words, indexed):
    code = """if True:
        import sys
        from bot.cli.app import main
        try:
            main()
        finally:
            print("LOADED", *sys.modules, file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split(maxsplit=1)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=indexed,
    )
    loaded = {name.partition(".")[0] for name in done.stderr.partition("LOADED ")[2].split()}
    assert "bot" in loaded
    assert loaded & HEAVY[words] == set()


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
