"""The one hop to the library: in turn, bounded, and kind to those who wait when the bot stops."""

import asyncio
import threading
from functools import cache

import pytest
import pytest_asyncio
from build import take_in
from fakes import ToyEmbedder

from bot.discord import corpus_worker
from bot.discord.corpus_worker import Library
from bot.errors import QueueFull, Restarting, TookTooLong
from corpus import Filters, Sentence, open_corpus

WORDS = ("sleep", "rest", "doze")
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def library(toy):
    made = Library(toy, most_waiting=3)
    yield made
    assert await made.close(10)


async def test_questions_are_answered_one_after_another_in_their_order(library):
    answered, at_work = [], threading.Lock()

    def work(number):
        def use(_):
            assert at_work.acquire(blocking=False), "the library serves one thread at a time"
            answered.append(number)
            at_work.release()

        return use

    await asyncio.gather(*(library.use(work(number)) for number in range(3)))
    assert answered == [0, 1, 2]


async def test_a_full_queue_says_so_and_takes_questions_again_later(library):
    gate = threading.Event()
    waiting = [asyncio.create_task(library.use(lambda _: gate.wait(10))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match="Ask again in a minute"):
        await library.use(lambda _: None)
    gate.set()
    await asyncio.gather(*waiting)
    assert await library.use(lambda _: "answered") == "answered"


async def test_a_stop_lets_the_question_in_hand_end_and_tells_the_others(library):
    gate, begun = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        gate.wait(10)
        return "answered"

    in_hand = asyncio.create_task(library.use(slow))
    await asyncio.to_thread(begun.wait, 10)
    waits = asyncio.create_task(library.use(lambda _: None))
    await asyncio.sleep(0)
    library.stop()
    gate.set()
    assert await in_hand == "answered"
    with pytest.raises(Restarting, match="being restarted"):
        await waits
    with pytest.raises(Restarting):
        await library.use(lambda _: None)


async def test_what_the_work_raises_reaches_the_asker_and_nobody_else(library):
    with pytest.raises(ZeroDivisionError):
        await library.use(lambda _: 1 // 0)
    assert await library.use(lambda _: "answered") == "answered"


@pytest.mark.parametrize("troubles", [[OSError(24, "Too many open files")], [None]], ids=["trouble", "a full queue"])
async def test_a_generation_that_could_not_be_taken_up_at_once_is_taken_up_later(library, toy, monkeypatch, troubles):
    told, real = asyncio.Event(), toy.catch_up

    def catch_up():
        if troubles and troubles[0]:
            raise troubles.pop()
        return real()

    async def use(work):
        if troubles:
            troubles.pop()
            raise QueueFull
        return await Library.use(library, work)

    async def changed(_change):
        told.set()

    toy.catch_up()
    monkeypatch.setattr(toy, "catch_up", catch_up)
    monkeypatch.setattr(library, "use", use)
    await asyncio.to_thread(toy.refresh)
    following = asyncio.create_task(library.follow(changed))
    await asyncio.wait_for(told.wait(), 10)
    following.cancel()
    assert len(library.titles) == 12


async def test_a_new_generation_is_taken_up_and_told_of(library, toy, tmp_path):
    told = asyncio.Queue()
    take_in(toy, tmp_path, [("first", "2026-01-01", "paper", [], "Bread is dear today.")])
    toy.catch_up()
    following = asyncio.create_task(library.follow(told.put))
    await asyncio.to_thread(toy.refresh)
    change = await asyncio.wait_for(told.get(), 10)
    following.cancel()
    assert len(library.titles) == 13
    assert (change.generation, len(change.new), change.changed, change.removed) == (2, 12, (), ())


# A writer


class SlowWriter:
    def __init__(self):
        self.gate = threading.Event()

    def write(self, question, quotes, sources):
        del question, sources
        assert self.gate.wait(10)
        return [Sentence("In other words.", (quotes[0].number,), quotes=(0,))]


async def test_questions_are_answered_while_a_writer_writes(settings, tmp_path):
    writer = SlowWriter()
    corpus = open_corpus(settings, ToyEmbedder(), writer=writer)
    take_in(corpus, tmp_path, [("bread", "2026-01-01", "paper", [], "Bread is dear today. Cats sleep all day.")])
    library = Library(corpus)
    quoted = await library.use(lambda corpus: corpus.find_quotes("Is bread dear today?"))
    writing = asyncio.create_task(library.write(quoted))
    assert (await library.use(lambda corpus: corpus.find_quotes("Do cats sleep all day?"))).covered
    assert not writing.done()
    writer.gate.set()
    assert [one.text for one in (await writing).sentences] == ["In other words."]
    assert await library.close(10)


async def test_a_writer_that_takes_too_long_leaves_the_quotes(settings, tmp_path, monkeypatch):
    writer = SlowWriter()
    corpus = open_corpus(settings, ToyEmbedder(), writer=writer)
    take_in(corpus, tmp_path, [("bread", "2026-01-01", "paper", [], "Bread is dear today. Cats sleep all day.")])
    library = Library(corpus)
    quoted = await library.use(lambda corpus: corpus.find_quotes("Is bread dear today?"))
    monkeypatch.setattr(corpus_worker, "LONGEST", 0.01)
    answer = await library.write(quoted)
    writer.gate.set()
    assert (answer.sentences, answer.notes) == (quoted.sentences, (*quoted.notes, corpus_worker.NOT_WRITTEN))
    assert await library.close(10)


async def test_questions_that_wait_are_embedded_before_their_turn(toy, tmp_path, monkeypatch):
    """One that finds nobody before it is embedded in its turn; the vector of each is made once."""
    take_in(toy, tmp_path, [("cats", "2026-02-01", "paper", [], "Cats sleep all day. They hunt at dawn.")])
    embedded = []

    def embed(question):
        embedded.append((question, threading.current_thread().name.rpartition("_")[0]))
        return ToyEmbedder().embed_question(question)

    monkeypatch.setattr(toy._models.embedders, "_embed_by_own", cache(embed))
    made = Library(toy)
    await made.use(lambda corpus: corpus.ask("Do cats sleep?"))
    found = await asyncio.gather(*(made.find_quotes(f"Do cats {word} all day?", Filters(), ()) for word in WORDS))
    assert [answer.question for answer in found] == [f"Do cats {word} all day?" for word in WORDS]
    assert all(answer.covered for answer in found)
    first, *others = WORDS
    assert sorted(embedded) == sorted(
        [
            ("Do cats sleep?", "library"),
            (f"Do cats {first} all day?", "library"),
            *((f"Do cats {word} all day?", "embed-ahead") for word in others),
        ]
    )
    assert await made.close(10)


async def test_a_question_that_follows_others_is_embedded_in_its_turn(toy, monkeypatch):
    """What it asks, it says together with them."""
    ahead = []
    monkeypatch.setattr(toy, "embed_ahead", ahead.append)
    monkeypatch.setattr(toy, "find_quotes", lambda *asked: asked)
    made = Library(toy)
    await asyncio.gather(*(made.find_quotes("And at night?", Filters(), ("Do cats sleep?",)) for _ in range(3)))
    assert ahead == []
    assert await made.close(10)


async def test_a_stop_does_not_wait_for_work_that_takes_long(toy):
    """Loading a model or building the first index cannot be broken off: the process leaves it."""
    made, gate = Library(toy), threading.Event()
    loading = asyncio.create_task(made.use(lambda _: gate.wait(30)))
    await asyncio.sleep(0.01)
    assert not await made.close(0.05)
    gate.set()
    await loading


async def test_nobody_waits_for_ever(library):
    gate = threading.Event()
    with pytest.raises(TookTooLong, match="took too long"):
        await library.use(lambda _: gate.wait(10), limit=0.05)
    gate.set()
    assert await library.use(lambda _: "answered") == "answered"
