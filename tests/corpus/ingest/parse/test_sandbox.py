"""The process apart: one for many documents, replaced where a document breaks it, and never in the way of the next."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.ingest.parse import sandbox as sandbox_module
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox

# A module `page` for the real program: what it does depends on the address.
ODD = """
import os, resource, sys, time
print("a library says hello")
def extract(asked):
    at = asked["url"]
    if at == "garbage": os.write(answers(), b"{nonsense\\n")
    if at == "half": os.write(answers(), b'{"text": "and then'); os._exit(0)
    if at == "list": os.write(answers(), b"[1]\\n")
    if at == "endless":
        while True: os.write(answers(), b"x" * 65536)
    if at == "dies": os._exit(3)
    if at == "killed": os.kill(os.getpid(), 9)
    if at == "sleeps": time.sleep(60)
    if at == "raises": raise KeyError(at)
    if at == "nested": return nested(asked)
    if at == "memory": asked["all"] = bytearray(3_000_000_000)
    if at == "prints": print("x" * 100_000); os.system("echo from elsewhere")
    if at == "trouble": return {"trouble": "is a picture"}
    left = resource.getrlimit(resource.RLIMIT_CPU)[0] - sum(os.times()[:2])
    return {"process": os.getpid(), "of": at, "left": left}
def nested(asked): return nested(asked)
def answers(): return next(n for n in range(3, 20) if n != 2 and os.path.exists(f"/dev/fd/{n}"))
"""


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """A sandbox whose pages do as their address says."""
    shutil.copy(Path(sandbox_module.WORKER) / "__main__.py", tmp_path)
    (tmp_path / "page.py").write_text(ODD)
    monkeypatch.setattr(sandbox_module, "WORKER", tmp_path)
    monkeypatch.setattr(sandbox_module, "MOST_ANSWER", 1_000_000)
    with Sandbox() as sandbox:
        yield sandbox


def refusal(sandbox, at, seconds=20.0):
    with pytest.raises(NotAnEntry) as caught:
        sandbox.page("", at, seconds)
    return str(caught.value)


FILE = "add it as a file with front matter"


@pytest.mark.parametrize(
    ("at", "said", "goes_on"),
    [
        ("garbage", f"breaks the program that reads it; {FILE}", False),
        ("half", f"breaks the program that reads it; {FILE}", False),
        ("list", f"breaks the program that reads it; {FILE}", False),
        ("endless", f"holds more than can be read at once; {FILE}", False),
        ("dies", f"breaks the program that reads it; {FILE}", False),
        ("killed", f"breaks the program that reads it; {FILE}", False),
        ("memory", "needs too much memory to be read", False),
        ("raises", "is built in a way that the program that reads it stumbles over", True),
        ("nested", "is built in a way that the program that reads it stumbles over", True),
        ("trouble", "is a picture", True),
    ],
)
def test_a_document_that_breaks_its_reader_is_refused_and_the_next_one_is_read(odd, at, said, goes_on):
    first = odd.page("", "a")["process"]
    assert refusal(odd, at) == said
    after = odd.page("", "b")
    assert after["of"] == "b"
    assert (after["process"] == first) is goes_on


def test_a_document_that_takes_too_long_is_given_up(odd):
    assert refusal(odd, "sleeps", seconds=0.3) == f"is built in a way that takes too long to read; {FILE}"
    assert odd.page("", "b")["of"] == "b"


def test_one_process_reads_all_documents_and_is_not_started_before_the_first(odd):
    assert odd._child is None
    answers = [odd.page("x" * 200_000, str(n)) for n in range(20)]
    assert [a["of"] for a in answers] == [str(n) for n in range(20)]
    assert len({a["process"] for a in answers}) == 1


@pytest.mark.slow
def test_what_the_process_that_started_it_holds_is_none_of_its_memory(odd):
    ballast = b"x" * 900_000_000  # as much as a model, and more
    answers = [odd.page("", str(n)) for n in range(3)]
    assert len({a["process"] for a in answers}) == 1
    del ballast


def test_each_document_has_its_own_time_on_the_processor(odd):
    for _ in range(3):
        assert 4 < odd.page("", "a", seconds=5.0)["left"] <= 7


def test_what_a_library_prints_is_no_answer(odd):
    assert odd.page("", "prints")["of"] == "prints"


def test_threads_get_their_own_answers(odd):
    with ThreadPoolExecutor(8) as threads:
        wanted = [str(n) if n % 7 else "dies" for n in range(60)]
        given = list(threads.map(lambda at: _told(odd, at), wanted))
    assert given == [at if at != "dies" else "refused" for at in wanted]


def _told(sandbox, at):
    try:
        return sandbox.page("", at)["of"]
    except NotAnEntry:
        return "refused"


def test_closing_ends_a_reading_at_once_and_nothing_is_read_afterwards(odd):
    odd.page("", "a")
    said, began = [], Event()

    def wait():
        began.set()
        said.append(refusal(odd, "sleeps", seconds=30))

    waiting = Thread(target=wait)
    waiting.start()
    began.wait()
    child = odd._child
    odd.close()
    waiting.join(5)
    assert said == ["was not read: the reading was stopped"]
    assert child.poll() is not None
    assert refusal(odd, "b") == "was not read: the reading was stopped"
    odd.close()


def test_an_answer_that_nobody_waited_for_is_not_taken_for_that_of_the_next_document(odd, monkeypatch):
    odd.page("", "a")

    def interrupted(child, line, _seconds):
        child.stdin.write(line)
        child.stdin.flush()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sandbox_module, "exchange", interrupted)
        with pytest.raises(KeyboardInterrupt):
            odd.page("", "b")
    assert odd.page("", "c")["of"] == "c"


def test_a_process_that_ended_between_two_documents_is_replaced(odd):
    first = odd.page("", "a")["process"]
    odd._child.kill()
    odd._child.wait()
    assert odd.page("", "b")["process"] != first


def test_no_process_is_told_as_what_it_is(odd, monkeypatch):
    monkeypatch.setattr(sandbox_module.sys, "executable", "/nowhere/python")
    assert refusal(odd, "a") == "could not be read: this computer starts no further program; try again later"


def test_the_process_ends_by_itself_when_nobody_asks_it_any_more():
    child = sandbox_module.start_worker()
    child.stdin.close()
    assert child.wait(10) == 0
    child.stdout.close()


def test_the_process_apart_loads_nothing_of_ours_and_no_library_that_is_not_asked_for():
    told = (
        "import runpy, sys; sys.argv=['x']; sys.stdin.close(); sys.stdin = open('/dev/null');"
        f"runpy.run_path({str(sandbox_module.WORKER)!r}, run_name='__main__');"
        "sys.stderr.write(' '.join(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run([sandbox_module.sys.executable, "-c", told], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "resource" in loaded or sandbox_module.sys.platform == "win32"
    assert not loaded & {"corpus", "bot", "lxml", "trafilatura", "feedparser", "pypdf"}
