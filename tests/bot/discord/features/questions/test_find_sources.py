"""Find Sources reads what a message says, wherever in it that stands, and nothing in a message is too odd for it."""

import pytest
import pytest_asyncio
from discord_messages import Message
from discord_server import LoopbackDiscord
from in_process import connected, prepare

SAID = "I think open models will need a consortium one day."
NO_TEXT = "This message has no text to find sources for."
pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest_asyncio.fixture
async def discord(monkeypatch, tmp_path, prepared):
    async with LoopbackDiscord() as loopback:
        loopback.add_guild("makers")
        async with connected(loopback, monkeypatch, tmp_path / "data", first=prepared):
            yield loopback
        assert loopback.violations == []
        assert loopback.own_violations == []


@pytest.fixture
def channel(discord):
    return discord.guilds[0].channel


@pytest.fixture
def ada(discord):
    return discord.add_user("ada")


async def read_from(discord, message, user):
    """Return what the bot has read in a message, or what it says in place of an answer."""
    handle = await discord.menu("Find Sources", message, user)
    content = (await handle.answered()).content
    assert handle.ephemeral
    first = content.split("\n")[0]
    return first.removeprefix("-# On the message: ").replace("\\", "")


def card(channel, author, *embeds, content=""):
    """A message of another bot, which consists of cards."""
    message = Message(channel, author, content, embeds=list(embeds))
    channel.messages.append(message)
    return message


async def test_a_forwarded_message_is_read(discord, channel, ada):
    said = await discord.say(channel, SAID, ada)
    assert await read_from(discord, await discord.say(channel, "", ada, forwards=said), ada) == SAID
    noted = await discord.say(channel, "Is that so?", ada, forwards=said)
    assert await read_from(discord, noted, ada) == f"Is that so? {SAID}"
    shown = card(channel, ada, {"type": "rich", "title": "On consortia", "description": SAID})
    assert await read_from(discord, await discord.say(channel, "", ada, forwards=shown), ada) == f"On consortia {SAID}"


async def test_a_card_is_read_where_it_is_all_that_is_written(discord, channel, ada):
    embed = {
        "type": "rich",
        "title": "On consortia",
        "description": SAID,
        "footer": {"text": "a footer"},
        "author": {"name": "an author"},
        "fields": [{"name": "Who", "value": "Labs that publish", "inline": True}],
    }
    words = f"On consortia {SAID} Who Labs that publish"
    assert await read_from(discord, card(channel, ada, embed), ada) == words
    assert await read_from(discord, card(channel, ada, embed, content="<https://example.org/a>"), ada) == words
    assert await read_from(discord, card(channel, ada, embed, content=f"Look: {SAID}"), ada) == f"Look: {SAID}"


async def test_a_poll_is_read_as_its_question_and_answers(discord, channel, ada):
    poll = await discord.say(channel, "", ada, poll=("Will open models catch up?", "Yes", "Not in security"))
    assert await read_from(discord, poll, ada) == "Will open models catch up? Yes Not in security"


async def test_a_poll_that_comes_with_a_question_for_the_bot_breaks_nothing(discord, channel, ada):
    asked = await discord.say(channel, SAID, ada, mention_bot=True, poll=("Will they catch up?", "Yes", "No"))
    assert (await discord.reply_to(asked)).content.startswith(f"-# Question: {SAID}\n")


async def test_what_has_no_words_is_told_so_in_a_sentence(discord, channel, ada):
    picture = {"type": "image", "url": "https://example.org/a.png"}
    thumbs = await discord.say(channel, "👍", ada)
    for message in (thumbs, await discord.say(channel, "", ada, forwards=thumbs), card(channel, ada, picture)):
        assert await read_from(discord, message, ada) == NO_TEXT


async def test_of_a_long_card_as_much_is_read_as_of_a_long_message(discord, channel, ada):
    fields = [{"name": f"open model {n}", "value": "consortium " * 90, "inline": False} for n in range(25)]
    long = card(channel, ada, {"type": "rich", "description": SAID * 80, "fields": fields})
    read = await read_from(discord, long, ada)
    assert read.startswith(SAID)
    assert len(read) <= 1000
