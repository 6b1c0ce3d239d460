"""What the corpus holds: `/entry`, `/browse`, `/latest`, `/timeline`, and the menus that lead to an entry's page."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import error_replies
from bot.discord.admission import admit, check_place, checked_question, count_look, take_turn
from bot.discord.autocomplete import chosen_entry, entry_choices
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.components import browse_buttons, entry_menu, read_browse, write_browse
from bot.discord.features.entries.message import PER_PAGE, entry_page, listing, timeline_message
from bot.discord.interaction_data import chosen
from bot.discord.interactions import defer, retry
from bot.discord.places import is_staff, roles_of, surroundings
from bot.errors import NotHere
from bot.shared import NOT_COVERED
from corpus import Corpus, Filters, Listed, Page, parse_filters

Name = app_commands.Range[str, 1, 30]


class Entries(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client
        client.on_press("page", self.chosen)
        client.on_press("browse", self.turned)

    @app_commands.command(description="Show an entry as a page, with what is related.")
    @app_commands.describe(title="Begin to type its title, and choose", private="Only you see it")
    async def entry(self, interaction: Interaction, title: str, private: bool | None = None) -> None:
        await self._admit(interaction, private)
        found = chosen_entry(self.client.library.titles, title)
        page = await self.client.library.use(lambda corpus: corpus.page(found.id))
        await self._show_page(interaction, page)

    @entry.autocomplete("title")
    async def suggest(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return entry_choices(self.client.library.titles, typed)

    @app_commands.command(description="Page through what the corpus holds, newest first.")
    @app_commands.describe(
        since="Only what was published from this day, month or year on: 2026-04, april, last month",
        until="Only what was published on or before it",
        source="Only this publication",
        person="Only pieces by or with this person",
        kind="Only events (dated pieces) or guides (explainers)",
    )
    async def browse(
        self,
        interaction: Interaction,
        since: str | None = None,
        until: str | None = None,
        source: Name | None = None,
        person: Name | None = None,
        kind: Literal["event", "guide"] | None = None,
    ) -> None:
        filters = parse_filters(since, until, source, person, kind)
        count_look(self.client, interaction)
        await defer(interaction, private=True)
        content, view = await self._browsed(filters, 1)
        await retry(lambda: interaction.edit_original_response(content=content, view=view))

    async def turned(self, interaction: Interaction, argument: str) -> None:
        """Another page of the list that the button stands under."""
        page, filters = read_browse(argument)
        count_look(self.client, interaction)
        with error_replies.acknowledged_before():
            await interaction.response.defer()
        content, view = await self._browsed(filters, page)
        await retry(lambda: interaction.edit_original_response(content=content, view=view))

    async def _browsed(self, filters: Filters, page: int) -> tuple[str, discord.ui.View | None]:
        def read(corpus: Corpus) -> Listed:
            return corpus.listed(filters, (page - 1) * PER_PAGE, PER_PAGE)

        found = await self.client.library.use(read)
        pages = max(1, -(-found.total // PER_PAGE))
        content = listing("What the corpus holds", found.entries, found.sources, page, pages, found.total)
        if not found.entries:
            return content, None
        return content, browse_buttons(found.entries, page, pages, lambda n: write_browse(n, filters))

    @app_commands.command(description="The newest entries of the corpus.")
    @app_commands.describe(private="Only you see it")
    async def latest(self, interaction: Interaction, private: bool | None = None) -> None:
        await self._admit(interaction, private)
        found = await self.client.library.use(lambda corpus: corpus.listed(Filters(), 0, PER_PAGE))
        content = listing("The newest entries", found.entries, found.sources, 1, 1, found.total)
        view = entry_menu(found.entries, "Choose an entry to see its page") if found.entries else None
        await retry(lambda: interaction.edit_original_response(content=content, view=view))

    @app_commands.command(description="What was said on a topic, in order of date, each line with its source.")
    @app_commands.describe(
        topic="What it is about",
        since="Only what was published from this day, month or year on: 2026-04, april, last month",
        until="Only what was published on or before it",
        person="Only pieces by or with this person",
        private="Only you see it",
    )
    async def timeline(
        self,
        interaction: Interaction,
        topic: app_commands.Range[str, 1, 300],
        since: str | None = None,
        until: str | None = None,
        person: Name | None = None,
        private: bool | None = None,
    ) -> None:
        filters = parse_filters(since, until, None, person, None)
        asked = checked_question(topic)
        settings = await admit(self.client, interaction)
        await defer(interaction, private=settings.private if private is None else private)
        with self.client.at_work():
            found = await self.client.library.use(lambda corpus: corpus.timeline(asked, filters))
            content = timeline_message(asked, found) if found.covered else f"**{NOT_COVERED}**"
            related = list({c.entry.id: c.entry for c in found.citations}.values())
            view = entry_menu(related, "Choose an entry to see its page") if related else None
            await retry(lambda: interaction.edit_original_response(content=content, view=view))

    async def chosen(self, interaction: Interaction, _: str) -> None:
        """An entry was chosen in a menu: its page, for this person alone."""
        entry_id = next(iter(chosen(interaction)), "")
        count_look(self.client, interaction)
        await defer(interaction, private=True)
        page = await self.client.library.use(lambda corpus: corpus.page(entry_id))
        await self._show_page(interaction, page)

    @staticmethod
    async def _show_page(interaction: Interaction, page: Page) -> None:
        related = [*page.related.guides, *page.related.events]
        view = entry_menu(related, "Related entries") if related else None
        await retry(lambda: interaction.edit_original_response(content=entry_page(page), view=view))

    async def _admit(self, interaction: Interaction, private: bool | None) -> None:
        """Count and acknowledge it: what all can see as a question, what one alone sees as a look.

        One alone sees it as they asked, as the server is set, and where no answers are wanted.
        """
        settings = await self.client.server_settings.get(interaction.guild_id)
        hidden = settings.private if private is None else private
        try:
            if interaction.is_guild_integration():
                check_place(settings, surroundings(interaction.channel), roles_of(interaction.user))
        except NotHere:
            hidden = True
        if hidden:
            count_look(self.client, interaction)
        else:
            take_turn(self.client, interaction.user.id, interaction.guild_id, settings, staff=is_staff(interaction))
        await defer(interaction, private=hidden)


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(Entries(client))
