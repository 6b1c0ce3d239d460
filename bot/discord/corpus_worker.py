"""Runs the library, which is synchronous, in one thread beside Discord's event loop."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.errors import QueueFull, Restarting, TookTooLong
from corpus import Answer, Corpus, CorpusChange, CorpusError, Filters, Title

log = logging.getLogger(__name__)

T = TypeVar("T")
MOST_WAITING = 200
NOT_WRITTEN = "The writer took too long; the quotes are shown as they are."
LONGEST = 60.0  # seconds that an asker waits, in the queue and for the answer
LOOK = 1.0  # seconds between two looks for a new generation
QUIET_LOOKS = 50  # for a moment in which nobody asks, before one is opened
WARM_UP = "What do open and closed models have in common?"  # a question whose answer nobody sees


class Library:
    """Asks the corpus in a thread of its own, one after another; how many may wait is bounded."""

    def __init__(self, corpus: Corpus, most_waiting: int = MOST_WAITING) -> None:
        self._corpus = corpus
        self._most = most_waiting
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="catch-up")
        self._embedding = ThreadPoolExecutor(1, thread_name_prefix="embed-ahead")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._stopping = False
        self.titles: list[Title] = []

    async def load(self) -> None:
        """Do what is needed before connecting: make the first index if there is none, and read the titles."""

        def prepare(corpus: Corpus) -> list[Title]:
            corpus.prepare()
            return corpus.titles()

        self.titles = await self.use(prepare, limit=None)

    async def warm_up(self) -> None:
        """Load what answers need, so that the first question finds it. Raises what a first question would.

        The models beside the library's thread: what needs none (entries, the status) is answered meanwhile.
        """
        await asyncio.get_running_loop().run_in_executor(self._opening, self._corpus.load_models)
        await self.use(lambda corpus: corpus.ask(WARM_UP), limit=None)

    @property
    def data_dir(self) -> Path:
        """The folder that holds the corpus; the bot keeps its own files there, too."""
        return self._corpus.settings.data_dir

    def is_full(self) -> bool:
        return self._waiting >= self._most

    async def find_quotes(self, question: str, filters: Filters, earlier: tuple[str, ...]) -> Answer:
        """Ask a question in turn, and embed it before: that is a third of its work. Raises as `use`.

        Not so one that follows others: what is asked, it says together with them.
        """
        return await self.use(
            lambda corpus: corpus.find_quotes(question, filters, earlier),
            ahead=None if earlier else lambda corpus: corpus.embed_ahead(question),
        )

    async def use(
        self,
        work: Callable[[Corpus], T],
        *,
        limit: float | None = LONGEST,
        ahead: Callable[[Corpus], None] | None = None,
    ) -> T:
        """What `work` makes of the corpus, in turn. Raises QueueFull, Restarting, and whatever the work raises.

        `limit`: seconds for the waiting and the work; beyond them TookTooLong is raised, though the work may go on.
        `ahead`: what is done for it in another thread, one after another, before its turn, if others are before it.
        """
        if self._stopping:
            raise Restarting
        if self.is_full():
            raise QueueFull
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(limit):
                if ahead and self._waiting > 1:
                    await loop.run_in_executor(self._embedding, ahead, self._corpus)
                async with self._turn:
                    if self._stopping:
                        raise Restarting
                    return await loop.run_in_executor(self._asking, work, self._corpus)
        except TimeoutError as error:
            raise TookTooLong from error
        finally:
            self._waiting -= 1

    async def write(self, answer: Answer) -> Answer:
        """Return the answer in the words of the corpus's writer, beside the library's thread: it may be slow.

        In its quotes where the writer takes longer than LONGEST.
        """
        if self._corpus.writer is None:  # to ask in a thread would cost a fortieth of the answer
            return answer
        try:
            async with asyncio.timeout(LONGEST):
                return await asyncio.to_thread(self._corpus.write, answer)
        except TimeoutError:
            return replace(answer, notes=(*answer.notes, NOT_WRITTEN))

    async def follow(self, changed: Callable[[CorpusChange], Awaitable[None]]) -> None:
        """Open each new generation aside, so that no question waits, then await `changed`; until cancelled."""
        loop = asyncio.get_running_loop()
        waiting: list[CorpusChange] = []  # opened, and the queue was full when the titles were to be read
        while True:
            await asyncio.sleep(LOOK)
            for _ in range(QUIET_LOOKS):  # opening a generation slows an answer down: best while nobody asks
                if not self._waiting:
                    break
                await asyncio.sleep(LOOK / QUIET_LOOKS)
            try:
                if change := await loop.run_in_executor(self._opening, self._corpus.catch_up):
                    waiting.append(change)
                if waiting:
                    self.titles = await self.use(Corpus.titles)
                while waiting:
                    await changed(waiting.pop(0))
            except CorpusError as error:
                log.warning("The newest generation could not be opened: %s", error)
            except (QueueFull, Restarting):
                continue
            except Exception:  # whatever it was: the next generation must be taken up all the same
                log.exception("The newest generation could not be taken up; it is tried again.")

    def stop(self) -> None:
        """Let the question that is being answered end, and refuse those that wait."""
        self._stopping = True

    async def close(self, seconds: float) -> bool:
        """Close the corpus when the work in hand has ended. False where it takes longer: then it is left open."""
        self._stopping = True
        threads = (self._asking, self._opening, self._embedding)
        for thread in threads:
            thread.shutdown(wait=False, cancel_futures=True)
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def wait() -> None:
            for thread in threads:
                thread.shutdown(wait=True)
            with contextlib.suppress(RuntimeError):  # nobody waits any more
                loop.call_soon_threadsafe(ended.set)

        # Not a thread that anybody waits for at the end: the work may take minutes yet.
        threading.Thread(target=wait, daemon=True).start()
        try:
            await asyncio.wait_for(ended.wait(), seconds)
        except TimeoutError:
            return False
        with contextlib.suppress(CorpusError):
            self._corpus.close()
        return True
