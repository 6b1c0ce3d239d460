"""discord.py takes the loopback Discord for Discord, and it strays nowhere from the published specification."""

import asyncio
import contextlib
import re

import discord
import pytest
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_server import LoopbackDiscord
from discord_world import MODERATOR, Permission

NO_PINGS = discord.AllowedMentions.none()


class Evidence(ui.DynamicItem[ui.Button], template=r"ev:(?P<number>\d+)"):
    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="Evidence", custom_id=f"ev:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, _interaction, _item, match: re.Match[str]):
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"evidence {self.number}", ephemeral=True)


class Reason(ui.Modal, title="Why?"):
    reason = ui.Label(text="Reason", component=ui.TextInput(custom_id="reason", max_length=50))
    file = ui.Label(text="File", component=ui.FileUpload(custom_id="file", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        read = [await attachment.read() for attachment in self.file.component.values]
        await interaction.response.send_message(f"because {self.reason.component.value} {read}", ephemeral=True)


class Bot(commands.AutoShardedBot):
    """As small as a bot can be that uses everything once."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(commands.when_mentioned, intents=intents, allowed_mentions=NO_PINGS, help_command=None)
        self.heard: list[str] = []

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """No five seconds between two IDENTIFYs."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Evidence)
        for command in (ask, why, find_sources, corpus):
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message.content)
        if message.guild is None:
            await message.channel.send(f"you said: {message.content}")
        elif self.user in message.mentions and message.content:
            thread = await message.create_thread(name="Follow-ups")
            await thread.send("here")
            await message.reply("@everyone hello", mention_author=False)


@app_commands.command(description="Ask")
@app_commands.describe(question="the question")
async def ask(
    interaction: discord.Interaction, question: app_commands.Range[str, 3, 300], private: bool = False
) -> None:
    await interaction.response.defer(thinking=True, ephemeral=private)
    view = ui.View(timeout=None)
    view.add_item(Evidence(7))
    await interaction.edit_original_response(content=f"answer to {question} <@1>", view=view)
    await interaction.followup.send("and more", ephemeral=private)


@ask.autocomplete("question")
async def suggest(_interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=current.upper(), value=current)]


@app_commands.command(description="Why")
async def why(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Reason())


@app_commands.context_menu(name="Find Sources")
async def find_sources(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"sources of {message.content}")


corpus = app_commands.Group(
    name="corpus", description="Corpus", default_permissions=discord.Permissions(manage_guild=True)
)


@corpus.command(description="Refresh")
async def refresh(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("refreshed", ephemeral=True)


@contextlib.asynccontextmanager
async def running(monkeypatch, **options):
    """A server with its world, and the bot connected to it; afterwards nothing may be wrong with the traffic."""
    async with LoopbackDiscord(**options) as server:
        server.add_guild("Makers")
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))
        bot = Bot()
        async with bot:
            task = asyncio.create_task(bot.start(server.token))
            await server.connected()
            yield server, bot
        await asyncio.gather(task, return_exceptions=True)
        assert server.violations == []
        assert server.own_violations == []


@pytest.mark.asyncio
async def test_a_question_is_deferred_answered_and_followed_up(monkeypatch):
    async with running(monkeypatch) as (server, _):
        ada, channel = server.add_user("ada"), server.guilds[0].channel
        handle = await server.slash("ask", {"question": "why now?"}, user=ada, channel=channel)
        assert await handle.acknowledged() < 3
        answer = await handle.until(lambda m: "answer" in m.content)
        assert answer.content == "answer to why now? <@1>"
        assert answer.pings == set()
        assert answer.labels == ["Evidence"]
        assert not handle.ephemeral
        await server.until(lambda: handle.followups)
        pressed = await server.press(answer, "Evidence", ada)
        assert (await pressed.answered()).content == "evidence 7"
        assert pressed.ephemeral
        assert [m.content for m in channel.messages] == [answer.content, "and more"]


@pytest.mark.asyncio
async def test_what_the_client_does_not_offer_cannot_be_done(monkeypatch):
    async with running(monkeypatch) as (server, _):
        ada, channel = server.add_user("ada"), server.guilds[0].channel
        with pytest.raises(AssertionError, match="min_length"):
            await server.slash("ask", {"question": "a"}, user=ada, channel=channel)
        with pytest.raises(AssertionError, match="also wants"):
            await server.slash("ask", user=ada, channel=channel)
        with pytest.raises(AssertionError, match="does not see"):
            await server.slash("corpus refresh", user=ada, channel=channel)
        moderator = server.add_user("mia", MODERATOR)
        handle = await server.slash("corpus refresh", user=moderator, channel=channel)
        assert (await handle.answered()).content == "refreshed"


@pytest.mark.asyncio
async def test_autocomplete_a_message_menu_and_a_modal_with_a_file(monkeypatch):
    async with running(monkeypatch) as (server, _):
        ada, channel = server.add_user("ada"), server.guilds[0].channel
        assert await server.autocomplete("ask", "question", "open", ada, channel) == [{"name": "OPEN", "value": "open"}]
        said = await server.say(channel, "models will be open", ada)
        handle = await server.menu("Find Sources", said, ada)
        assert (await handle.answered()).content == "sources of models will be open"
        opened = await server.slash("why", user=ada, channel=channel)
        file = server.upload("a.txt", b"text", "text/plain")
        sent = await server.submit(opened, {"Reason": "so", "file": [file]})
        assert (await sent.answered()).content == "because so [b'text']"


@pytest.mark.asyncio
async def test_text_is_read_only_where_discord_shows_it(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        ada, channel = server.add_user("ada"), server.guilds[0].channel
        await server.say(channel, "for others", ada)
        asked = await server.say(channel, "for you", ada, mention_bot=True)
        reply = await server.reply_to(asked)
        assert reply.content == "@everyone hello"
        assert reply.pings == set()
        assert asked.thread.messages[-1].content == "here"
        await server.say(channel, "and again", ada, reply_to=reply)
        await server.say(channel, "quietly", ada, reply_to=reply, ping=False)
        await server.say(server.dm(ada), "in private", ada)
        assert (await server.next_message(server.dm(ada))).content == "you said: in private"
        assert bot.heard == ["", f"{server.bot.mention} for you", "and again", "", "in private"]


@pytest.mark.asyncio
async def test_what_was_missed_is_replayed_on_resume(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        ada = server.add_user("ada")
        await server.close_gateways(4000)
        await server.disconnected()
        await server.say(server.dm(ada), "while you were away", ada)
        await server.resumed()
        await server.next_message(server.dm(ada))
        assert bot.heard == ["while you were away"]
        assert server.connections.identified == 1


@pytest.mark.asyncio
async def test_a_lost_session_is_identified_anew(monkeypatch):
    async with running(monkeypatch) as (server, _):
        await server.invalid_session(resumable=False)
        await server.until(lambda: server.connections.identified == 2, 15)


@pytest.mark.asyncio
@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_rate_limits_are_waited_out(monkeypatch, scope):
    async with running(monkeypatch) as (server, _):
        ada = server.add_user("ada")
        server.faults.rate_limit("POST", r"/channels/\d+/messages$", 0.01, scope=scope)
        await server.say(server.dm(ada), "hello", ada)
        assert (await server.next_message(server.dm(ada))).content == "you said: hello"
        statuses = [r.status for r in server.record.matching("POST", "/messages$")]
        assert statuses == [429, 200]


@pytest.mark.asyncio
async def test_late_second_and_expired_responses_are_refused(monkeypatch):
    async with running(monkeypatch) as (server, _):
        ada, channel = server.add_user("ada"), server.guilds[0].channel
        held = server.faults.hold("PATCH", "@original")
        handle = await server.slash("ask", {"question": "why?"}, user=ada, channel=channel)
        await held.reached()
        handle.expire()
        held.release()
        edits = await server.requested("PATCH", "@original")
        assert (edits[0].status, edits[0].response["code"]) == (401, 50027)
        late = server.faults.hold("POST", "callback")
        handle = await server.slash("corpus refresh", user=ada, channel=channel, force=True)
        await late.reached()
        handle.miss()
        late.release()
        await server.until(lambda: server.requests[-1].status)
        assert server.requests[-1].response["code"] == 10062
        with pytest.raises(AssertionError, match="No acknowledgement"):
            await handle.acknowledged(0)


@pytest.mark.asyncio
async def test_a_channel_can_be_closed_to_the_bot(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        closed = server.add_channel("closed", deny=Permission.SEND_MESSAGES)
        channel = await server.until(lambda: bot.get_channel(closed.id))
        assert not channel.permissions_for(channel.guild.me).send_messages
        with pytest.raises(discord.Forbidden) as refused:
            await channel.send("hello")
        assert refused.value.code == 50013
        with pytest.raises(discord.NotFound):
            await channel.fetch_message(1)


@pytest.mark.asyncio
async def test_a_wrong_token_and_a_refused_identify_end_the_bot(monkeypatch):
    async with LoopbackDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_url)
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.start("wrong")
        server.faults.refuse_identify(4014)
        async with Bot() as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(server.token)


@pytest.mark.asyncio
async def test_traffic_that_discord_would_refuse_is_refused_and_told(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        if not server.record.checks:
            return
        channel = await server.until(lambda: bot.get_channel(server.guilds[0].channel.id))
        with pytest.raises(discord.HTTPException):
            await channel.send("x" * 2001)
        assert "2000" in server.violations.pop()
