"""`/settings` takes nothing that its menus do not offer, and says in a sentence why."""

import logging

import pytest
import pytest_asyncio
from discord_interactions import COMPONENT
from discord_interactions import Interaction as Sent
from discord_server import LoopbackDiscord
from discord_world import GUILD_TEXT, MODERATOR, Permission
from in_process import connected, prepare

VOICE, FORUM, STAGE = 2, 15, 13


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest_asyncio.fixture
async def discord(monkeypatch, tmp_path, prepared):
    async with LoopbackDiscord() as loopback:
        loopback.add_guild("makers")
        loopback.add_user("mo", MODERATOR)
        async with connected(loopback, monkeypatch, tmp_path / "data", first=prepared) as client:
            loopback.client = client
            yield loopback
        assert loopback.violations == []


async def choose(discord, menu, values, **more):
    """Choose in the panel's menu what its client would not offer."""
    mo, channel = discord.users[-1], discord.guilds[0].channel
    panel = await (await discord.slash("settings", {}, user=mo, channel=channel)).answered()
    handle = Sent(discord, COMPONENT, mo, channel)
    handle.source, handle.owners = panel, {"0": str(discord.guilds[0].id)}
    data = {"custom_id": f"fn:set:{menu}", "component_type": 3, "id": 1, "values": values, **more}
    discord._dispatch(handle, data, {"type": COMPONENT, "interacted_message_id": str(panel.id)})
    return handle, panel


@pytest.mark.asyncio
async def test_what_no_menu_offers_is_refused_in_a_sentence_and_changes_nothing(discord, caplog):
    caplog.set_level(logging.WARNING)
    guild = discord.guilds[0]
    hidden = discord.add_channel("hidden", deny=Permission.VIEW_CHANNEL)
    silent = discord.add_channel("silent", deny=Permission.SEND_MESSAGES)
    stage, voice = discord.add_channel("stage", kind=STAGE), discord.add_channel("talk", kind=VOICE)
    one, two = discord.add_channel("one", kind=GUILD_TEXT), discord.add_channel("two", kind=GUILD_TEXT)
    elsewhere = discord.add_guild("others").channel
    await discord.until(lambda: discord.client.get_channel(elsewhere.id))
    before = await discord.client.server_settings.get(guild.id)
    for menu, values, says in (
        ("channels", ["123456789012345678"], "not one of this server"),
        ("channels", ["many"], "not one of this server"),
        ("channels", ["-1", ""], "not one of this server"),
        ("channels", ["9" * 5000], "not one of this server"),
        ("channels", ["١٢٣"], "not one of this server"),
        ("channels", [str(elsewhere.id)], "not one of this server"),
        ("channels", [str(one.id), str(stage.id)], "another type"),
        ("channels", [str(hidden.id)], "View Channel"),
        ("announce", ["x"], "not one of this server"),
        ("announce", [str(voice.id)], "another type"),
        ("announce", [str(hidden.id)], "View Channel"),
        ("announce", [str(silent.id)], "Send Messages"),
        ("announce", [str(one.id), str(two.id)], "one channel alone"),
        ("roles", ["123456789012345678"], "role among these"),
        ("roles", ["moderators"], "role among these"),
        ("private", [], "earlier version"),
        ("private", ["secret"], "earlier version"),
        ("private", ["public", "private"], "earlier version"),
        ("pace", ["x:y"], "earlier version"),
        ("pace", ["5"], "earlier version"),
        ("pace", ["0:0"], "earlier version"),
        ("pace", ["5:60", "3:60"], "earlier version"),
        ("pace", [], "earlier version"),
        ("pace", 7, "earlier version"),
        ("nothing", ["5:60"], "earlier version"),
    ):
        handle, _ = await choose(discord, menu, values)
        told = await handle.answered()
        assert says in told.content, (menu, values, told.content)
        assert told.ephemeral
        assert await discord.client.server_settings.get(guild.id) == before, (menu, values)
    assert caplog.records == []


@pytest.mark.asyncio
async def test_what_the_menus_offer_is_taken(discord):
    guild = discord.guilds[0]
    forum, talk = discord.add_channel("forum", kind=FORUM), discord.add_channel("talk", kind=VOICE)
    for menu, values, shown in (
        ("channels", [str(forum.id), str(talk.id)], f"Answers in: {forum.mention} {talk.mention}"),
        ("channels", [], "Answers in: everywhere"),
        ("roles", [str(guild.id)], f"Answers for: <@&{guild.id}>"),
        ("roles", [], "Answers for: everybody"),
        ("private", ["private"], "Answers are private"),
        ("announce", [str(guild.channel.id)], f"announced: {guild.channel.mention}"),
        ("announce", [], "announced: nowhere"),
        ("pace", ["10:3600"], "10 an hour"),
    ):
        _, panel = await choose(discord, menu, values)
        await discord.until(lambda panel=panel, shown=shown: shown in panel.content, wanted=shown)
