"""Hostile texts from entries and members, asked for in every way there is: what arrives in Discord is text alone.

The real `footnote run` with the real model, on a corpus that `footnote refresh` took in; `hostile_table.py` prints the
same as a table.
"""

import re

import pytest
import pytest_asyncio
from hostile import REFUSED, SUBJECT, addresses, assert_harmless
from hostile_table import arrivals, arrives_whole, hostile_sea, said_of_refused
from markup import live

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

HOSTILE_QUESTION = f"Did {SUBJECT} <@&1> @everyone **[1]** [x](https://evil.example) ```write``` -# Question: tides?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sea(tmp_path_factory):
    """At the end, everything that the bot sent was right, and pinged nobody."""
    async with hostile_sea(tmp_path_factory.mktemp("hostile")) as found:
        yield found
        own = [
            m for channel in found.discord.channels.values() for m in channel.messages if m.author is found.discord.bot
        ]
        assert [message.content for message in own if message.pings] == []
        assert found.discord.violations == []


@pytest.fixture
def stored(sea):
    return addresses(sea.planted)


async def use(sea, command, **options):
    handle = await sea.discord.slash(command, options, user=sea.staff, channel=sea.guild.channel)
    return await handle.answered()


async def test_each_planted_text_arrives_as_text_in_answer_evidence_and_page(sea, stored):
    for arrived in await arrivals(sea):
        assert_harmless(arrived.answer, stored)
        assert_harmless(arrived.evidence, stored, bold_quotes=True)
        assert_harmless(arrived.page, stored)
        assert arrives_whole(arrived), arrived.answer.content


async def test_what_could_break_a_line_or_an_address_is_refused_when_it_is_read(sea):
    said = said_of_refused(sea)
    assert len(said) == len(REFUSED)
    assert all("the field " in sentence for sentence in said)


async def test_menus_of_hostile_titles_can_be_used(sea, stored):
    answer = await use(sea, "ask", question=f"How high were the tides of {SUBJECT}?")
    assert_harmless(answer, stored)
    menu = await (await sea.discord.press(answer, "Related", sea.staff)).answered()
    assert_harmless(menu, stored)
    (select,) = [part for part in menu.parts() if "options" in part]
    for option in select["options"]:
        page = await (await sea.discord.choose(menu, select["custom_id"], [option["value"]], sea.staff)).answered()
        assert_harmless(page, stored)


async def test_lists_of_hostile_entries_are_lists(sea, stored):
    page = await use(sea, "browse")
    seen = {page.content}
    while "Next" in page.labels:
        assert_harmless(page, stored)
        if next(part for part in page.parts() if part.get("label") == "Next").get("disabled"):
            break
        before = page.content
        await sea.discord.press(page, "Next", sea.staff)
        await sea.discord.until(lambda page=page, before=before: page.content != before)
        seen.add(page.content)
    assert len(seen) == 5
    assert_harmless(await use(sea, "latest"), stored)
    assert_harmless(await use(sea, "timeline", topic=f"{SUBJECT} and tides"), stored, bold_quotes=True)
    assert_harmless(await use(sea, "timeline", topic=HOSTILE_QUESTION), stored, bold_quotes=True)


async def test_an_entry_whose_id_no_menu_can_hold_is_listed_and_shown(sea, stored):
    """Discord takes no menu without a choice."""
    longest = sea.planted[0]
    assert len(longest.id) > 100
    listed = await use(sea, "browse", source=longest.source)
    assert "1 entry" in listed.content
    assert listed.components == []
    assert_harmless(listed, stored)
    assert "\\@everyone" in (await use(sea, "entry", title=longest.title)).content


async def test_what_is_suggested_fits_discord(sea):
    for typed in ("@everyone", "<@", "keeper", "**[1]**", "`", "🔎", "https://", ""):
        choices = await sea.discord.autocomplete("entry", "title", typed, user=sea.staff, channel=sea.guild.channel)
        assert all(0 < len(choice["name"].encode("utf-16-le")) <= 200 for choice in choices)
        assert not any(re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\n]", choice["name"]) for choice in choices)


async def test_a_hostile_question_comes_back_harmless_however_it_is_asked(sea, stored):
    discord, channel = sea.discord, sea.guild.channel
    dee = discord.add_user("dee")  # who manages a server has a member's cooldown in a direct message
    messages = [
        await use(sea, "ask", question=HOSTILE_QUESTION),
        await discord.reply_to(await discord.say(channel, HOSTILE_QUESTION, sea.staff, mention_bot=True)),
        await discord.reply_to(await discord.say(discord.dm(dee), HOSTILE_QUESTION, dee)),
    ]
    said = await discord.say(channel, f"{HOSTILE_QUESTION}\n**Sources**\n**[1]** {SUBJECT} " + "*_" * 400, sea.staff)
    messages.append(await (await discord.menu("Find Sources", said, sea.staff)).answered())
    for message in messages:
        said_of = "Question" if message is not messages[-1] else "On the message"
        assert message.content.startswith(f"-# {said_of}: Did the lighthouse keeper \\<\\@&1\\> \\@everyone")
        assert_harmless(message, stored)
    shared = await (await discord.press(messages[-1], "Share", sea.staff)).answered()
    assert_harmless(shared, stored)


async def test_a_question_that_forges_an_answer_stays_a_question(sea, stored):
    forged = "x **Sources** **[1]** [Trust me](https://evil.example) -# Understood as: bake bread?"
    message = await use(sea, "ask", question=forged)
    assert_harmless(message, stored)
    opened = await sea.discord.press(message, "Follow up", sea.staff)
    asked = "and what about @everyone **[9]** -# Understood as: bread?"
    followed = await (await sea.discord.submit(opened, {"question": asked})).answered()
    assert_harmless(followed, stored)
    assert followed.content.startswith(
        "-# Question: and what about \\@everyone \\*\\*\\[9\\]\\*\\* -\\# Understood as: "
    )


async def test_a_thread_named_by_a_hostile_question_has_a_name_and_no_more(sea, stored):
    answer = await use(sea, "ask", question=f"{SUBJECT} <@&1> @everyone **[1]** wrote what about tides?")
    told = await (await sea.discord.press(answer, "Ask in thread", sea.staff)).answered()
    thread = sea.discord.channels[int(re.search(r"<#(\d+)>", told.content)[1])]
    assert thread.name.startswith(f"{SUBJECT} <@&1> @everyone")
    assert len(thread.name.encode("utf-16-le")) <= 200
    asked = await sea.discord.say(thread, f"and @here what did {SUBJECT} write? # Sources", sea.staff, mention_bot=True)
    assert_harmless(await sea.discord.reply_to(asked), stored)


async def test_moderators_read_hostile_questions_names_and_refusals_as_text(sea):
    """A question that was not covered, and entries that a refresh refuses, come to them as they were written."""
    foreign = "flour, yeast, butter, sugar, salt, honey and cinnamon rise faster when kneaded by hand in winter"
    question = f"Does [sourdough](https://evil.example) ping @everyone <@&1> ```or``` **Sources** of {foreign}?"
    assert "does not cover" in (await use(sea, "ask", question=question)).content
    told = [await use(sea, "corpus gaps"), await use(sea, "corpus status"), await use(sea, "corpus log")]
    assert "\\[sourdough\\](https\\://evil\\.example) ping \\@everyone \\<\\@&1\\>" in told[0].content
    opened = await sea.discord.slash("corpus add", user=sea.staff, channel=sea.guild.channel)
    text = "---\nid: '@everyone'\ntitle: '[x](https://evil.example) **Sources**'\n---\n@here ```"
    told.append(await (await sea.discord.submit(opened, {"text": text})).answered())
    for message in told:
        assert message.ephemeral
        assert message.pings == set()
        assert not live(message.content) & {"ping", "masked link", "address", "code"}, message.content


async def test_a_reason_of_signs_is_taken_and_shown_to_nobody(sea):
    answer = await use(sea, "ask", question=f"What did {SUBJECT} write about tides?")
    opened = await sea.discord.press(answer, "👎", sea.staff)
    told = await (await sea.discord.submit(opened, {"reason": "@everyone ```" * 38})).answered()
    assert told.content == "Noted: 👎. Press the other to change it."
