"""`/corpus status`, `gaps`, `why`, `export`, `log`: what moderators look at. Only gaps are changed here."""

import hashlib
import io
import json
import re
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.contract.results import record_json
from bot.discord.admission import take_turn
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.components import LONGEST_OPTION, custom_id, page_of, turns, view
from bot.discord.earlier_questions import earlier_of
from bot.discord.features.insight.message import (
    GAPS_PER_PAGE,
    State,
    explanation_messages,
    gaps_message,
    log_message,
    status_message,
)
from bot.discord.interaction_data import chosen
from bot.discord.interactions import defer, retry
from bot.discord.messages.question_lines import asked_in
from bot.discord.permissions import (
    BY_SERVERS,
    IN_SERVERS,
    check_may_change,
    check_staff,
    may_change,
    on_staff_press,
    refusal_of,
)
from bot.discord.store.community import Community
from bot.discord.store.models import Gap
from bot.errors import MemberRefused, NotAllowed
from bot.source_health import is_failing
from bot.text import plain, shorten
from corpus import Corpus, parse_filters

LOGGED = 20
MOST_GAPS = 10_000
LARGEST_EXPORT = 10_000_000  # bytes: what Discord takes of an app everywhere, and a little less
LINK = re.compile(r"https://(?:\w+\.)?discord\.com/channels/(?P<guild>\d+)/(?P<channel>\d+)/(?P<message>\d+)")
NO_LINK = "That is no link to a message. Right-click the answer → Copy Message Link, or Apps → Why This Answer."
NO_ANSWER = "That is no answer of this bot in this server, or it is no longer kept."
NO_MESSAGE = "That message is gone, or the bot cannot see its channel (it needs View Channel and Read Message History)."
NOT_SEEN = "You cannot see the channel of that message."
TOO_LARGE = "The corpus is larger than a file may be here. Ask the maintainer for it: footnote export writes all of it."


class Insight(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client
        menu = app_commands.ContextMenu(
            name="Why This Answer",
            callback=self.why_this,
            allowed_contexts=IN_SERVERS,
            allowed_installs=BY_SERVERS,
        )
        client.tree.add_command(menu)
        group = client.tree.get_command("corpus")
        if not isinstance(group, app_commands.Group):
            raise TypeError("the group /corpus is made before its commands")
        for name, description, callback in (
            ("status", "What the corpus holds, what goes on, and what members think.", self.status),
            ("gaps", "What was asked and is not covered, most asked first.", self.gaps),
            ("why", "The stages behind an answer: what was found, quoted and dropped, and why.", self.why),
            ("export", "All entries as a file, in the form that is taken in.", self.export),
            ("log", "What moderators did here.", self.log),
        ):
            made: app_commands.Command[Any, ..., None] = app_commands.Command(
                name=name, description=description, callback=callback
            )
            group.add_command(made)
        on_staff_press(client, "gaps", self.turned)
        on_staff_press(client, "gap", self.closed)

    async def status(self, interaction: Interaction) -> None:
        await defer(interaction, private=True)
        status, runs, sources = await self.client.library.use(
            lambda corpus: (corpus.status(), corpus.history(1), corpus.followed())
        )
        state = State(
            status=status,
            last=runs[0] if runs else None,
            votes=await self.client.store.use(lambda stored: stored.feedback.count(interaction.guild_id)),
            gaps=await self.client.store.use(lambda stored: stored.gaps.count(self._scope(interaction))),
            job=self.client.jobs.running,
            refusal=refusal_of(self.client, interaction.guild_id),
            failing=tuple(health.source.name for health in sources if is_failing(health.state)),
        )
        await retry(lambda: interaction.edit_original_response(content=status_message(state)))

    async def log(self, interaction: Interaction) -> None:
        lines = await self.client.store.use(lambda stored: stored.log.last(interaction.guild_id or 0, LOGGED))
        await interaction.response.send_message(log_message(lines), ephemeral=True)

    async def export(self, interaction: Interaction) -> None:
        check_may_change(interaction)
        await defer(interaction, private=True)
        most = min(LARGEST_EXPORT, interaction.filesize_limit)
        data = await self.client.library.use(lambda corpus: _exported(corpus, most))
        if data is None:
            raise MemberRefused(TOO_LARGE)
        await retry(
            lambda: interaction.edit_original_response(
                content="All entries, a JSON line each.",
                attachments=[discord.File(io.BytesIO(data), "footnote-corpus.jsonl")],
            )
        )
        await self.client.note(interaction, "exported the corpus")

    # Gaps

    def _scope(self, interaction: Interaction) -> int | None:
        """Return whose gaps are shown: all (None) where the corpus is kept, to be filled there; else this server's."""
        return None if may_change(self.client, interaction.guild_id) else interaction.guild_id

    async def gaps(self, interaction: Interaction) -> None:
        content, shown = await self._gaps(interaction, 1)
        await interaction.response.send_message(content, view=shown or discord.utils.MISSING, ephemeral=True)

    async def turned(self, interaction: Interaction, argument: str) -> None:
        content, shown = await self._gaps(interaction, page_of(argument))
        await interaction.response.edit_message(content=content, view=shown)

    async def closed(self, interaction: Interaction, argument: str) -> None:
        """Take the chosen gaps off the list, until they are asked again."""
        wanted, scope = set(chosen(interaction)), self._scope(interaction)

        def close(stored: Community) -> int:
            chosen_gaps = [gap for gap in stored.gaps.most_asked(scope, MOST_GAPS) if _key(gap) in wanted]
            return sum(stored.gaps.close(scope, gap.question) for gap in chosen_gaps)

        for _ in range(await self.client.store.use(close)):
            await self.client.note(interaction, "closed a gap")  # its question is a member's, to be forgotten
        await self.turned(interaction, argument)

    async def _gaps(self, interaction: Interaction, page: int) -> tuple[str, ui.View | None]:
        scope = self._scope(interaction)
        total = await self.client.store.use(lambda stored: stored.gaps.count(scope))
        pages = max(1, -(-total // GAPS_PER_PAGE))
        page = min(max(1, page), pages)
        found = await self.client.store.use(
            lambda stored: stored.gaps.most_asked(scope, GAPS_PER_PAGE, (page - 1) * GAPS_PER_PAGE)
        )
        return gaps_message(found, page, pages, total), _gap_menu(found, page, pages) if found else None

    # Why this answer

    @app_commands.describe(link="The link of the answer's message: right-click it → Copy Message Link")
    async def why(self, interaction: Interaction, link: app_commands.Range[str, 1, 200]) -> None:
        found = LINK.fullmatch(link.strip().strip("<>"))
        if found is None:
            raise MemberRefused(NO_LINK)
        if interaction.guild is None or int(found["guild"]) != interaction.guild.id:
            raise MemberRefused(NO_ANSWER)
        await defer(interaction, private=True)
        channel = interaction.guild.get_channel_or_thread(int(found["channel"]))
        _check_sees(interaction, channel)
        if not isinstance(channel, discord.abc.Messageable):
            raise MemberRefused(NO_MESSAGE)
        try:
            message = await channel.fetch_message(int(found["message"]))
        except (discord.NotFound, discord.Forbidden) as error:
            raise MemberRefused(NO_MESSAGE) from error
        await self._explain(interaction, message)

    @app_commands.default_permissions(manage_guild=True)
    async def why_this(self, interaction: Interaction, message: discord.Message) -> None:
        check_staff(interaction)
        await defer(interaction, private=True)
        await self._explain(interaction, message)

    async def _explain(self, interaction: Interaction, message: discord.Message) -> None:
        kept = await self.client.store.use(lambda stored: stored.answers.of_message(message.id))
        question = asked_in(message.content)
        own = self.client.user is not None and message.author.id == self.client.user.id
        person = await self.client.store.use(lambda stored: stored.people.hash_of(interaction.user.id))
        if kept is None or question is None or not own:
            raise MemberRefused(NO_ANSWER)
        # What was asked in private stays with who asked, and what was asked elsewhere with that server.
        if kept.guild != interaction.guild_id or (kept.private and kept.asker != person):
            raise MemberRefused(NO_ANSWER)
        # It costs what a question costs: who does not keep the corpus has them at a member's pace.
        settings = await self.client.server_settings.get(interaction.guild_id)
        keeps = may_change(self.client, interaction.guild_id)
        take_turn(self.client, interaction.user.id, interaction.guild_id, settings, staff=keeps)
        filters = parse_filters(**kept.filters)
        earlier = await earlier_of(self.client, message)
        if earlier:  # as it was written, it follows them again
            question = asked_in(message.content, as_written=True) or question
        explanation = await self.client.library.use(lambda corpus: corpus.explain(question, filters, earlier))
        first, *more = explanation_messages(explanation, kept.generation)
        await retry(lambda: interaction.edit_original_response(content=first))
        interaction.extras["shown"] = True
        for content in more:
            await interaction.followup.send(content, ephemeral=True)


def _check_sees(interaction: Interaction, channel: object) -> None:
    """Raise where a moderator cannot see the channel of a link."""
    user = interaction.user
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or not isinstance(user, discord.Member):
        raise MemberRefused(NO_MESSAGE)
    may = channel.permissions_for(user)
    hidden = isinstance(channel, discord.Thread) and channel.is_private() and not may.manage_threads
    if hidden or not (may.view_channel and may.read_message_history):
        raise NotAllowed(NOT_SEEN)


def _exported(corpus: Corpus, most: int) -> bytes | None:
    """Return all entries as JSON lines; None where they are more than `most` bytes."""
    data = io.BytesIO()
    for entry in corpus.every_entry():
        data.write(json.dumps(record_json(entry), ensure_ascii=False).encode() + b"\n")
        if data.tell() > most:
            return None
    return data.getvalue()


def _key(gap: Gap) -> str:
    """Return what stands for a gap in a menu, where its question has no room: the same in any case, with any blanks."""
    return hashlib.sha256(" ".join(gap.question.casefold().split()).encode(errors="replace")).hexdigest()[:32]


def _gap_menu(gaps: list[Gap], page: int, pages: int) -> ui.View:
    """A menu that closes a gap, and the ways to other pages."""
    options = [
        discord.SelectOption(label=shorten(plain(gap.question), LONGEST_OPTION) or "(blank)", value=_key(gap))
        for gap in gaps
    ]
    close: ui.Select[ui.View] = ui.Select(
        placeholder="Close one: it is covered now, or will not be",
        options=options,
        custom_id=custom_id("gap", str(page)),
    )
    return view(close, *turns("gaps", page, pages))


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(Insight(client))
