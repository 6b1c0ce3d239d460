"""Runs the bot's record, which is synchronous, in one thread beside Discord's event loop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.discord.store.community import Community
from bot.discord.store.database import CommunityDamaged

log = logging.getLogger(__name__)

T = TypeVar("T")
D = TypeVar("D")


class StoreWorker:
    """Uses the record in a thread of its own, one use after another."""

    def __init__(self, community: Community) -> None:
        self._community = community
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="community")

    async def use(self, work: Callable[[Community], T]) -> T:
        """Return what `work` makes of the record. Raises CommunityDamaged."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._community)

    async def use_or(self, default: D, work: Callable[[Community], T]) -> T | D:
        """Return the same, and the default where the record cannot be used: an answer does not fail for it."""
        try:
            return await self.use(work)
        except CommunityDamaged as error:
            log.error("%s", error)  # noqa: TRY400  the sentence says all
            return default

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        self._community.close()
