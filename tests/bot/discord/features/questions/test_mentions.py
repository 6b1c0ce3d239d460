"""Who is answered without a command: by a mention of the bot, of its role, and by one that an edit adds."""

import pytest
import pytest_asyncio
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Permission
from in_process import connected, prepare

QUESTION = "Why do open and closed models differ?"
pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest_asyncio.fixture(params=[False], ids=[""])
async def discord(request, monkeypatch, tmp_path, prepared):
    """A Discord with a server and the bot in it. The parameter: whether it shows the bot what any message says."""
    async with LoopbackDiscord(message_content=request.param) as loopback:
        loopback.add_guild("makers")
        async with connected(loopback, monkeypatch, tmp_path / "data", first=prepared):
            yield loopback
        assert loopback.violations == []
        assert loopback.own_violations == []
        for channel in loopback.channels.values():
            for message in channel.messages:
                assert message.author is not loopback.bot or not message.pings, message.content


@pytest.fixture
def guild(discord):
    return discord.guilds[0]


@pytest.fixture
def ada(discord):
    return discord.add_user("ada")


def replies(discord, channel):
    return [m for m in channel.messages if m.author is discord.bot]


async def settled(discord, channel, ada):
    """Wait until everything before is done with: a question is answered, whose own reply is then left aside."""
    await discord.reply_to(await discord.say(channel, QUESTION, ada, mention_bot=True))
    return len(replies(discord, channel)) - 1


# The bot's role


@pytest.mark.parametrize("discord", [True], indirect=True, ids=["content shown"])
async def test_a_mention_of_the_bots_role_is_answered_as_one_of_the_bot(discord, guild, ada):
    by_role = await discord.reply_to(await discord.say(guild.channel, f"{guild.bot_role} {QUESTION}", ada))
    by_name = await discord.reply_to(await discord.say(guild.channel, QUESTION, ada, mention_bot=True))
    assert by_role.content == by_name.content
    assert "**Sources**" in by_role.content


async def test_where_discord_hides_what_mentions_the_role_one_line_says_how_to_ask(discord, guild, ada):
    told = await discord.reply_to(await discord.say(guild.channel, f"{guild.bot_role} {QUESTION}", ada))
    assert "\n" not in told.content
    assert f"Choose me among the members, {discord.bot.mention}, or use /ask." in told.content


async def test_a_mention_of_both_is_answered_once_and_neither_is_part_of_the_question(discord, guild, ada):
    said = f"{guild.bot_role} {discord.bot.mention} {QUESTION}"
    answer = await discord.reply_to(await discord.say(guild.channel, said, ada))
    assert answer.content.startswith(f"-# Question: {QUESTION}\n")
    assert await settled(discord, guild.channel, ada) == 1


async def test_the_roles_of_others_are_not_for_the_bot(discord, guild, ada):
    moderator = discord.add_user("mo", MEMBER | Permission.MANAGE_GUILD)
    await discord.say(guild.channel, f"<@&{guild.role(moderator)['id']}> {QUESTION}", ada)
    await discord.say(guild.channel, f"<@&{guild.id}> {QUESTION}", ada)  # everybody's
    assert await settled(discord, guild.channel, ada) == 0


# Edits


async def test_a_mention_that_an_edit_adds_is_answered_once(discord, guild, ada):
    said = await discord.say(guild.channel, QUESTION, ada)
    await discord.edit(said, f"{discord.bot.mention} {QUESTION}", after=30)
    answer = await discord.reply_to(said)
    assert answer.content.startswith(f"-# Question: {QUESTION}\n")
    await discord.edit(said, f"{discord.bot.mention} {QUESTION} And why now?", after=60)
    assert await settled(discord, guild.channel, ada) == 1


async def test_an_edit_of_what_was_answered_or_is_not_for_the_bot_is_left_alone(discord, guild, ada):
    asked = await discord.say(guild.channel, QUESTION, ada, mention_bot=True)
    await discord.reply_to(asked)
    await discord.edit(asked, f"{discord.bot.mention} Will open models catch up?", after=5)
    refused = await discord.say(guild.channel, "?!", ada, mention_bot=True)
    await discord.reply_to(refused)
    await discord.edit(refused, f"{discord.bot.mention} {QUESTION}", after=5)
    other = await discord.say(guild.channel, "I wonder.", ada)
    await discord.edit(other, "I wonder why.", after=5)
    direct = await discord.say(discord.dm(ada), QUESTION, ada)
    await discord.reply_to(direct)
    await discord.edit(direct, "Will open models catch up?", after=5)
    assert await settled(discord, guild.channel, ada) == 2
    assert len(replies(discord, discord.dm(ada))) == 1


async def test_a_mention_that_comes_late_or_to_a_message_from_before_the_start_is_left_alone(discord, guild, ada):
    late = await discord.say(guild.channel, QUESTION, ada)
    await discord.edit(late, f"{discord.bot.mention} {QUESTION}", after=11 * 60)
    earlier = await discord.say(guild.channel, QUESTION, ada)
    earlier.id -= 3600_000 << 22  # an hour
    await discord.edit(earlier, f"{discord.bot.mention} {QUESTION}", after=-3600 + 60)
    assert await settled(discord, guild.channel, ada) == 0


async def test_what_discord_adds_to_a_message_by_itself_is_no_edit(discord, guild, ada):
    """A link's preview comes as an update of the message, without a time of editing."""
    said = await discord.say(guild.channel, QUESTION, ada)
    said.mentions = [discord.bot]
    discord.announce("MESSAGE_UPDATE", said)
    assert await settled(discord, guild.channel, ada) == 0


@pytest.mark.parametrize("discord", [True], indirect=True, ids=["content shown"])
async def test_a_mention_of_the_role_may_be_added_as_well(discord, guild, ada):
    said = await discord.say(guild.channel, QUESTION, ada)
    await discord.edit(said, f"{guild.bot_role} {QUESTION}", after=30)
    assert (await discord.reply_to(said)).content.startswith(f"-# Question: {QUESTION}\n")
