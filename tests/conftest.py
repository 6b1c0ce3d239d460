"""Fixtures: no test touches a person's data folder or settings."""

import os
import sys

import pytest
from fakes import ToyEmbedder

from corpus import Corpus, CorpusSettings, open_corpus


def pytest_configure():
    """Let Python keep what it compiles, whatever the environment says: each of a hundred processes saves .6 s."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def _clean_settings(tmp_path, monkeypatch):
    """Each test has a data folder of its own, and reads the web only where it asks for it. No .env reaches it."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "true")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings():
    return CorpusSettings()


@pytest.fixture
def toy(settings):
    """A corpus over the real Chroma and the real lexical index, with the toy model; empty."""
    corpus: Corpus
    with open_corpus(settings, ToyEmbedder()) as corpus:
        yield corpus


def pytest_sessionfinish(session):
    """Each of several processes ends its sandbox, and tells what its bots have asked."""
    from reading import SANDBOX  # noqa: PLC0415
    from running import REJECTED, TALLY  # noqa: PLC0415

    SANDBOX.close()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["asked_of_discord"] = dict(TALLY), REJECTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    from running import REJECTED, TALLY  # noqa: PLC0415

    tally, rejected = getattr(node, "workeroutput", {}).get("asked_of_discord", ({}, []))
    TALLY.update(tally)
    REJECTED.extend(rejected)


def pytest_terminal_summary(terminalreporter):
    """What the bot asked of Discord, and that Discord's own document allows it."""
    from running import REJECTED, TALLY  # noqa: PLC0415

    if TALLY:
        terminalreporter.section("requests to Discord")
        for kind, count in sorted(TALLY.items()):
            terminalreporter.write_line(f"{count:6} {kind}")
        terminalreporter.write_line(f"{TALLY.total():6} in all, {len(REJECTED)} rejected by Discord's document")
