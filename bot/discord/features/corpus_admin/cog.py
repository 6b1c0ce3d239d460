"""`/corpus refresh`, `add`, `remove`, `undo`: what changes the corpus. Each is shown first, or can be taken back."""

import asyncio
import logging
import secrets
from datetime import UTC, datetime
from typing import Any

from discord import app_commands
from discord.ext import commands, tasks

from bot.discord import error_replies
from bot.discord.autocomplete import chosen_entry, entry_choices, source_choices
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.features.corpus_admin import additions
from bot.discord.features.corpus_admin.additions import Addition, addition_modal, addition_of
from bot.discord.interactions import defer, retry
from bot.discord.jobs import uploads
from bot.discord.jobs.card import confirm_buttons, report_text
from bot.discord.jobs.runner import Command, JobRunner
from bot.discord.markdown import escape
from bot.discord.permissions import (
    BY_SERVERS,
    IN_SERVERS,
    MANAGERS,
    StaffGroup,
    channel_for_card,
    check_may_change,
    on_staff_press,
)
from bot.errors import MemberRefused
from bot.text import plain, shorten
from corpus import Corpus, CorpusChange, CorpusError, Source

log = logging.getLogger(__name__)

SENT_ALREADY = "This form was sent already; its preview is above. Open it again with /corpus add."
NOTHING_NEW = "Nothing would change, so there is nothing to apply."


class Moderation(commands.Cog):
    corpus = StaffGroup(
        name="corpus",
        description="What the bot knows: look after it.",
        default_permissions=MANAGERS,
        guild_only=True,
        allowed_contexts=IN_SERVERS,  # guild_only alone would leave the tree's others
        allowed_installs=BY_SERVERS,
    )

    def __init__(self, client: FootnoteBot) -> None:
        self.client = client
        self.runner = JobRunner(client)
        self._sources: list[Source] = []
        self._sent: set[str] = set()  # forms that are being previewed, or were
        self._mended = False
        on_staff_press(client, "added", self.added)
        on_staff_press(client, "go", self.runner.confirm)
        on_staff_press(client, "discard", self.runner.discard)
        on_staff_press(client, "undo", self.undo_pressed)
        client.on_press("cancel", self.runner.cancel)

    async def cog_load(self) -> None:
        self.tidy.start()

    async def cog_unload(self) -> None:
        self.tidy.cancel()

    # Taking in

    @corpus.command(description="Take in new and changed entries; how it goes on is shown in this channel.")
    @app_commands.describe(source="Only this publication", dry_run="Only say what would change")
    async def refresh(
        self, interaction: Interaction, source: app_commands.Range[str, 1, 100] | None = None, dry_run: bool = False
    ) -> None:
        check_may_change(interaction)
        channel_for_card(interaction)
        words = ("refresh", f"--source={source}") if source else ("refresh",)
        command = Command("refresh" + (f" of {plain(source)}" if source else ""), words)
        await (self.runner.start_dry_run(interaction, command) if dry_run else self.runner.start(interaction, command))

    @refresh.autocomplete("source")
    async def suggest_source(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return source_choices(self._sources, typed)

    @corpus.command(description="Add an entry: a page's address, a file or a text. You see first what would change.")
    async def add(self, interaction: Interaction) -> None:
        check_may_change(interaction)
        channel_for_card(interaction)
        with error_replies.acknowledged_before():
            await interaction.response.send_modal(addition_modal(secrets.token_hex(8)))

    async def added(self, interaction: Interaction, token: str) -> None:
        """Keep what a form that was sent holds, and show what it would change."""
        check_may_change(interaction)
        if token in self._sent:
            raise MemberRefused(SENT_ALREADY)
        self._sent.add(token)
        await defer(interaction, private=True)
        pending_id = secrets.token_hex(8)
        folder = self.client.library.data_dir / uploads.FOLDER / pending_id
        try:
            addition = await addition_of(interaction, folder, self.client.http.get_from_cdn)
            shown = await self._preview_addition(interaction, addition, pending_id)
        except BaseException:  # whatever it is: the form can be sent again, and nothing is left behind
            self._sent.discard(token)
            uploads.drop(self.client.library.data_dir, pending_id)
            raise
        if not shown:
            uploads.drop(self.client.library.data_dir, pending_id)

    async def _preview_addition(self, interaction: Interaction, addition: Addition, pending_id: str) -> bool:
        """Show what an addition would change; return whether there is anything to apply."""
        command = Command(f"addition of {addition.name}", addition.words)
        report, useful = await self.runner.preview_addition(interaction, command, pending_id)
        heading = "Nothing is changed yet. It would be:" if useful else NOTHING_NEW
        if report.rejected and addition.may_lack:
            heading = f"{NOTHING_NEW} {additions.SAY_IT_BESIDE}"
        text = report_text(f"**Preview of {escape(addition.name)}**\n{heading}", report, self.runner.titles())
        view = confirm_buttons("Apply", pending_id, dangerous=False) if useful else None
        await retry(lambda: interaction.edit_original_response(content=text, view=view))
        return useful

    # Taking out, and back

    @corpus.command(description="Take an entry out, and keep it out. You are asked first.")
    @app_commands.describe(entry="Begin to type its title, and choose")
    async def remove(self, interaction: Interaction, entry: app_commands.Range[str, 1, 200]) -> None:
        check_may_change(interaction)
        channel_for_card(interaction)
        found = chosen_entry(self.client.library.titles, entry)
        command = Command(f"removal of {found.id}", ("remove", "--", found.id))
        buttons = confirm_buttons("Remove", await self.runner.keep_pending(interaction, command), dangerous=True)
        content = (
            f"Remove **{escape(shorten(found.title, 200))}** ({found.published.isoformat()}, {escape(found.id)}) from "
            "the corpus? Later refreshes leave it out; /corpus undo brings it back."
        )
        await interaction.response.send_message(content, view=buttons, ephemeral=True)

    @remove.autocomplete("entry")
    async def suggest_entry(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return entry_choices(self.client.library.titles, typed)

    @corpus.command(description="Go back to before the last change. You see first what that would be.")
    async def undo(self, interaction: Interaction) -> None:
        await self._preview_undo(interaction)

    async def undo_pressed(self, interaction: Interaction, _: str) -> None:
        await self._preview_undo(interaction)

    async def _preview_undo(self, interaction: Interaction) -> None:
        check_may_change(interaction)
        channel_for_card(interaction)
        await defer(interaction, private=True)
        command = Command("undo", ("undo",))
        report = await self.runner.preview(interaction, command.as_dry_run())
        # Of the change that is shown here alone: another one may come before this is confirmed.
        pending_id = await self.runner.keep_pending(
            interaction, Command(command.what, ("undo", f"--run={report.undoes}"))
        )
        head = "**Undo the last change?**\nNothing is changed yet. It would be:"
        text = report_text(head, report, self.runner.titles())
        buttons = confirm_buttons("Undo", pending_id, dangerous=True)
        await retry(lambda: interaction.edit_original_response(content=text, view=buttons))

    # What happens by itself

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._remember_sources()
        if not self._mended:
            self._mended = True
            await self.runner.finish_lost_cards()

    @commands.Cog.listener()
    async def on_corpus_changed(self, _change: CorpusChange) -> None:
        await self._remember_sources()

    async def _remember_sources(self) -> None:
        try:
            found = await self.client.library.use(Corpus.sources)
        except (CorpusError, MemberRefused) as error:
            log.info("The sources could not be read for suggestions: %s", error)
            return
        self._sources = sorted(found.values(), key=lambda source: source.name)

    @tasks.loop(hours=24)
    async def tidy(self) -> None:
        """Delete once a day what was kept as long as /privacy says, and what nobody applied."""
        await asyncio.to_thread(uploads.drop_old, self.client.library.data_dir)
        await self.client.store.use_or(None, lambda stored: stored.prune(datetime.now(UTC)))
        self._sent.clear()

    @tidy.error
    async def _tidy_failed(self, *failed: Any) -> None:
        log.error("The daily tidying has failed.", exc_info=failed[-1])


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(Moderation(client))
