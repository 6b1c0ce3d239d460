"""discord.py takes the loopback Discord for Discord, and it strays nowhere from the published specification."""

import asyncio
import contextlib
import os
import re
import subprocess
import sys

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_record import SPEC
from discord_server import LoopbackDiscord
from discord_world import MODERATOR, Permission

NO_PINGS = discord.AllowedMentions.none()


class Evidence(ui.DynamicItem[ui.Button], template=r"ev:(?P<number>\d+)"):
    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="Evidence", emoji="🔎", custom_id=f"ev:{number}"))
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
        for command in (ask, why, own, find_sources, corpus):
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


class Which(ui.Select):
    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=str(self.values), view=None)


@app_commands.command(description="Own")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def own(interaction: discord.Interaction) -> None:
    options = [discord.SelectOption(label="First", value="1"), discord.SelectOption(label="Second", value="2")]
    view = ui.View(timeout=60)
    view.add_item(Which(placeholder="which?", options=options))
    await interaction.response.send_message("yours", view=view)


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


@pytest.mark.asyncio
async def test_shards_get_what_is_theirs(monkeypatch):
    async with running(monkeypatch, shards=2) as (server, bot):
        servers = [server.guilds[0], server.add_guild("Others"), server.add_guild("More")]
        await server.until(lambda: len(bot.guilds) == len(servers))
        assert {guild.shard_id for guild in bot.guilds} <= {0, 1}
        ada = server.add_user("ada")
        for guild in servers:
            asked = await server.say(guild.channel, "hello", ada, mention_bot=True)
            await server.reply_to(asked)
        assert len(bot.heard) == len(servers)


@pytest.mark.asyncio
async def test_events_may_come_twice(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        ada = server.add_user("ada")
        server.resend(await server.say(server.dm(ada), "once", ada))
        await server.requested("POST", "/messages$", times=2)
        assert bot.heard == ["once", "once"]


@pytest.mark.asyncio
async def test_a_failure_after_the_message_was_taken_does_not_double_it(monkeypatch):
    """The nonce that discord.py sends makes its second attempt return the first message."""
    async with running(monkeypatch) as (server, _):
        ada = server.add_user("ada")
        server.faults.fail("POST", "/messages$", 500, after=True)
        server.faults.delay("POST", "/messages$", 0.001, times=2)
        await server.say(server.dm(ada), "hello", ada)
        await server.requested("POST", "/messages$", times=2)
        assert [m.content for m in server.dm(ada).messages] == ["hello", "you said: hello"]


@pytest.mark.asyncio
async def test_a_bucket_tells_its_limit(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        server.faults.limit("POST", "/typing$", 2, 0.2)
        channel = await server.until(lambda: bot.get_channel(server.guilds[0].channel.id))
        for _ in range(3):
            await channel.typing()
        assert [r.status for r in server.record.matching("POST", "/typing$")] == [204, 204, 204]
        assert server.guilds[0].channel.typed == 3


@pytest.mark.asyncio
async def test_an_own_app_works_where_the_bot_is_not(monkeypatch):
    async with running(monkeypatch) as (server, _):
        elsewhere = server.add_guild("Elsewhere", bot_inside=False)
        ada, bob = server.add_user("ada", installed=True), server.add_user("bob")
        with pytest.raises(AssertionError, match="installed neither here nor by bob"):
            await server.slash("own", user=bob, channel=elsewhere.channel)
        for place in (elsewhere.channel, server.private_channel(ada)):
            handle = await server.slash("own", user=ada, channel=place)
            assert (await handle.answered()).content == "yours"
            chosen = await server.choose(await handle.answered(), "which?", ["Second"], ada)
            assert (await chosen.answered()).content == "['2']"
            assert chosen.source is chosen.answer


@pytest.mark.asyncio
async def test_the_log_can_be_checked_again(monkeypatch, tmp_path):
    async with running(monkeypatch) as (server, _):
        ada = server.add_user("ada")
        handle = await server.slash("ask", {"question": "why now?"}, user=ada, channel=server.guilds[0].channel)
        await server.until(lambda: handle.followups)
    server.write_log(tmp_path / "log.jsonl")
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(server.requests)
    if server.record.checks:
        check_again(tmp_path / "log.jsonl")


def check_again(log):
    spec = os.environ | {"DISCORD_OPENAPI": str(SPEC / "discord-openapi.json")}
    words = [sys.executable, SPEC / "discord_check.py", "log", log]
    run = subprocess.run(words, env=spec, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.asyncio
async def test_a_callback_taken_though_it_failed_is_acknowledged_already(monkeypatch):
    async with running(monkeypatch) as (server, _):
        mia = server.add_user("mia", MODERATOR)
        server.faults.fail("POST", "/callback$", 500, after=True)
        handle = await server.slash("corpus refresh", user=mia, channel=server.guilds[0].channel)
        calls = await server.requested("POST", "/callback$", times=2)
        assert [(c.status, c.response["code"]) for c in calls] == [(500, 0), (400, 40060)]
        assert (await handle.answered()).content == "refreshed"


@pytest.mark.asyncio
async def test_discords_refusals_have_their_codes(monkeypatch):
    async with running(monkeypatch) as (server, bot):
        ada, place = server.add_user("ada"), server.guilds[0].channel
        said = await server.say(place, "hello", ada)
        channel = await server.until(lambda: bot.get_channel(place.id))
        message = channel.get_partial_message(said.id)

        async def code(request) -> int:
            with pytest.raises(discord.HTTPException) as refused:
                await request
            return refused.value.code

        assert await code(message.edit(content="mine")) == 50005
        assert await code(message.delete()) == 50013
        await message.create_thread(name="One")
        assert await code(message.create_thread(name="Two")) == 160004
        server.deny(place, Permission.READ_MESSAGE_HISTORY)
        assert await code(message.reply("hello")) == 160002
        assert [m async for m in channel.history()] == []
        server.deny(place, Permission.VIEW_CHANNEL)
        assert await code(channel.send("hello")) == 50001
        server.remove_channel(place)
        assert await code(channel.send("hello")) == 10003
        server.dm(ada)
        ada.blocks_dms = True
        assert await code(bot.get_partial_messageable(server.dm(ada).id).send("hello")) == 50007
        server.faults.drop("GET", "/users/@me", times=2)  # aiohttp itself asks once more
        with pytest.raises(aiohttp.ClientError):
            await bot.http.get_user("@me")


@pytest.mark.asyncio
async def test_it_ends_whole_whoever_is_still_connected():
    async with aiohttp.ClientSession() as session:
        async with LoopbackDiscord() as server:
            socket = await session.ws_connect(server.gateway.url)
            assert (await socket.receive_json())["op"] == 10
            held = server.faults.hold("GET", "/gateway$")
            waiting = asyncio.create_task(session.get(f"{server.api_url}/gateway"))
            await held.reached()
        assert (await socket.receive()).data == 1001
        assert (await waiting).status == 401
    assert asyncio.all_tasks() == {asyncio.current_task()}
