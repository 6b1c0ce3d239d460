"""`/corpus sources`: the state of the publications that the corpus follows; and the schedule that reads them."""

import asyncio
from typing import Any

from discord import app_commands, ui
from discord.ext import commands

from bot.discord.client import FootnoteBot, Interaction
from bot.discord.components import page_of, turns, view
from bot.discord.features.insight.message import sources_messages
from bot.discord.interactions import defer, retry
from bot.discord.jobs.schedule import Schedule
from bot.discord.permissions import may_change, on_staff_press
from bot.discord.store.answers import cited_in
from bot.source_health import shares_of
from corpus import Corpus


class Sources(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client
        self.schedule = Schedule(client)
        group = client.tree.get_command("corpus")
        if not isinstance(group, app_commands.Group):
            raise TypeError("the group /corpus is made before its commands")
        made: app_commands.Command[Any, ..., None] = app_commands.Command(
            name="sources",
            description="The publications that are followed: when each was read, and what is wrong with it.",
            callback=self.sources,
        )
        group.add_command(made)
        on_staff_press(client, "sources", self.turned)

    async def cog_load(self) -> None:
        self.schedule.start()

    async def cog_unload(self) -> None:
        self.schedule.stop()

    async def sources(self, interaction: Interaction) -> None:
        await defer(interaction, private=True)
        content, shown = await self._page(interaction, 1)
        await retry(lambda: interaction.edit_original_response(content=content, view=shown))

    async def turned(self, interaction: Interaction, argument: str) -> None:
        await interaction.response.defer()
        content, shown = await self._page(interaction, page_of(argument))
        await retry(lambda: interaction.edit_original_response(content=content, view=shown))

    async def _page(self, interaction: Interaction, wanted: int) -> tuple[str, ui.View | None]:
        found = await self.client.library.use(Corpus.followed)
        # What is cited was asked in all servers: that is for those who keep the corpus.
        whole = may_change(self.client, interaction.guild_id)
        cited = await asyncio.to_thread(cited_in, self.client.library.data_dir) if whole else {}
        pages = sources_messages(found, shares_of(cited, self.client.library.titles))
        page = min(wanted, len(pages))
        return pages[page - 1], view(*turns("sources", page, len(pages))) if len(pages) > 1 else None


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(Sources(client))
