"""The bot as members meet it: the real `footnote run`, the real model, the shipped corpus, a Discord on loopback."""

import re

import pytest
import pytest_asyncio
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Permission
from running import running

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "Why do open and closed models differ?"
OTHER = "Will there be a consortium for open models?"
FOREIGN = "How do I bake sourdough bread?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord(tmp_path_factory):
    """A Discord with the bot connected; at the end, everything that the bot sent was right, and nobody was pinged."""
    async with LoopbackDiscord() as loopback:
        loopback.add_guild("home")
        async with running(loopback, tmp_path_factory.mktemp("bot") / "data") as bot:
            loopback.running = bot
            yield loopback
        assert loopback.violations == []
        for channel in loopback.channels.values():
            for message in channel.messages:
                assert message.author is not loopback.bot or not message.pings, message.content


@pytest.fixture
def guild(discord):
    return discord.add_guild("makers")


@pytest.fixture
def ada(discord, guild):  # noqa: ARG001  a person comes to a server that is there
    return discord.add_user("ada")


@pytest.fixture
def moderator(discord, guild):  # noqa: ARG001
    return discord.add_user("mo", MEMBER | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES)


async def ask(discord, guild, user, question=QUESTION, **options):
    handle = await discord.slash("ask", {"question": question, **options}, user=user, channel=guild.channel)
    return handle, await handle.answered()


# Asking


async def test_an_answer_comes_in_one_edit_after_a_defer(discord, guild, ada):
    handle, message = await ask(discord, guild, ada)
    assert handle.response == 5
    assert handle.edits == 1
    assert not handle.ephemeral
    assert re.search(r"^> .+ \*\*\[1\]\*\*$", message.content, flags=re.MULTILINE)
    assert (
        "**[1]** [Open and closed models are on different exponentials](<https://www.interconnects.ai/"
        in message.content
    )
    assert "· Nathan Lambert · Interconnects · <t:1780315200:D> · commentary, tier 2" in message.content
    assert "-# Related guides: " in message.content
    assert message.labels == ["Evidence", "Related", "👍", "👎", "Follow up", "Ask in thread", "Delete"]


async def test_filters_are_shown_back_and_hold(discord, guild, ada):
    _, message = await ask(discord, guild, ada, "open models", until="2026-03", person="lambert", kind="event")
    assert "-# Only: until 31 March 2026 · lambert · events" in message.content
    days = [int(day) for day in re.findall(r"<t:(\d+):D>", message.content)]
    assert days
    assert max(days) < 1775044800  # 1 April 2026


async def test_what_the_corpus_does_not_cover_is_said_and_kept_as_a_gap(discord, guild, ada):
    _, message = await ask(discord, guild, ada, FOREIGN)
    assert "**The corpus does not cover this, and holds nothing near it.**" in message.content
    assert "Evidence" not in message.labels
    assert "**[1]**" not in message.content


async def test_a_private_answer_can_be_shared(discord, guild, ada):
    handle, private = await ask(discord, guild, ada, private=True)
    assert handle.ephemeral
    assert "Share" in private.labels
    assert "Delete" not in private.labels
    shared = await (await discord.press(private, "Share", ada)).answered()
    assert not shared.ephemeral
    assert shared.content == private.content
    evidence = await (await discord.press(shared, "Evidence", ada)).answered()
    assert "different curves" in evidence.content


async def test_a_mention_a_reply_and_a_direct_message_are_answered_alike(discord, guild, ada):
    _, slash = await ask(discord, guild, ada)
    mention = await discord.reply_to(await discord.say(guild.channel, QUESTION, ada, mention_bot=True))
    assert mention.content == slash.content
    follow = await discord.say(guild.channel, "and a consortium?", ada, reply_to=mention)
    followed = await discord.reply_to(follow)
    assert "-# Understood as: " in followed.content
    direct = await discord.reply_to(await discord.say(discord.dm(ada), QUESTION, ada))
    assert direct.content == slash.content
    assert "Ask in thread" not in direct.labels


async def test_a_reply_to_an_answer_of_a_command_which_discord_hides_is_told_another_way(discord, guild, ada):
    _, slash = await ask(discord, guild, ada)
    told = await discord.reply_to(await discord.say(guild.channel, "and a consortium?", ada, reply_to=slash))
    assert "Press **Follow up**" in told.content


async def test_what_is_not_for_the_bot_is_left_alone(discord, guild, ada):
    await discord.say(guild.channel, f"@everyone {QUESTION}", ada)
    await discord.say(guild.channel, QUESTION, ada)
    asked = await discord.say(guild.channel, QUESTION, ada, mention_bot=True)
    await discord.reply_to(asked)
    assert len([m for m in guild.channel.messages if m.author is discord.bot]) == 1


async def test_an_event_that_comes_twice_is_answered_once(discord, guild, ada):
    asked = await discord.say(guild.channel, QUESTION, ada, mention_bot=True)
    await discord.reply_to(asked)
    discord.resend(asked)
    handle, _ = await ask(discord, guild, ada, OTHER)
    discord.resend(handle)
    _, last = await ask(discord, guild, ada, FOREIGN)
    own = [m for m in guild.channel.messages if m.author is discord.bot]
    assert len(own) == 3
    assert own[-1] is last
    assert len(handle.callbacks) == 1


async def test_find_sources_of_a_message_is_for_the_asker_alone(discord, guild, ada):
    said = await discord.say(guild.channel, "I think open models will need a consortium one day.", ada)
    handle = await discord.menu("Find Sources", said, ada)
    found = await handle.answered()
    assert handle.ephemeral
    assert "consortium" in found.content
    assert "Share" in found.labels
    assert "-# On the message: I think open models" in found.content
    empty = await discord.say(guild.channel, "👍", ada)
    told = await (await discord.menu("Find Sources", empty, ada)).answered()
    assert "no text" in told.content


async def test_the_message_whose_sources_are_sought_is_not_kept_as_a_gap(discord, guild, ada):
    said = await discord.say(guild.channel, "My neighbour bakes sourdough bread at night and sings.", ada)
    found = await (await discord.menu("Find Sources", said, ada)).answered()
    assert "**The corpus does not cover this, " in found.content
    assert "Noted for the moderators" not in found.content
    told = await (await discord.slash("forget-me", user=ada, channel=guild.channel)).answered()
    assert "uncovered questions (0)" in told.content


async def test_people_who_took_the_bot_with_them_can_ask_anywhere(discord):
    traveller = discord.add_user("tessa", installed=True)
    channel = discord.private_channel(traveller)
    handle = await discord.slash("ask", {"question": QUESTION}, user=traveller, channel=channel)
    message = await handle.answered()
    assert "different curves" in message.content
    assert "Ask in thread" not in message.labels
    with pytest.raises(AssertionError):
        await discord.slash("settings", user=traveller, channel=channel)


async def test_a_thread_of_a_server_that_has_the_commands_alone_is_no_stumbling_block(discord, ada, monkeypatch):
    """Without the scope `bot` the bot is told of no channels: a thread's parent is not known."""
    outer = discord.add_guild("outer", bot_inside=False)
    thread = discord.add_thread(outer.channel, "a thread", owner=ada)
    monkeypatch.setattr(discord, "_owners", lambda *_: {"0": str(outer.id)})
    for command, options in (("ask", {"question": QUESTION}), ("entry", {"title": "consortium"})):
        message = await (await discord.slash(command, options, user=ada, channel=thread)).answered()
        assert "interconnects.ai" in message.content


# The buttons


async def test_evidence_shows_each_quote_in_its_paragraph_to_one_person(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    bob = discord.add_user("bob")
    handle = await discord.press(message, "Evidence", bob)
    evidence = await handle.answered()
    assert handle.ephemeral
    quoted = re.search(r"^> (.+?) \*\*\[1\]\*\*$", message.content, flags=re.MULTILINE)[1]
    assert quoted.startswith("**"), "what answers is in bold"
    assert f"**{quoted.replace('**', '')}**" in evidence.content
    assert "our summary, not the author's words" in evidence.content


async def test_related_leads_to_the_page_of_an_entry(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    menu = await (await discord.press(message, "Related", ada)).answered()
    select = next(part for part in menu.parts() if "options" in part)
    options = select["options"]
    assert len(options) == 10  # of the three guides, one is cited
    page = await (await discord.choose(menu, select["custom_id"], [options[3]["value"]], ada)).answered()
    assert page.ephemeral
    assert page.content.startswith(f"### [{options[3]['label']}](<")
    assert "**Related guides (3)**" in page.content


async def test_votes_can_be_changed_and_a_reason_is_optional(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    up = await (await discord.press(message, "👍", ada)).answered()
    assert "Noted: 👍" in up.content
    opened = await discord.press(message, "👎", ada)
    assert (await opened.opened())["title"] == "What was wrong with it?"
    down = await (await discord.submit(opened, {"reason": "It missed the point."})).answered()
    assert "Noted: 👎" in down.content
    again = await (await discord.submit(opened, {"reason": "sent twice"})).answered()
    assert "Noted: 👎" in again.content


async def test_the_asker_and_moderators_delete_and_nobody_else(discord, guild, ada, moderator):
    _, message = await ask(discord, guild, ada)
    bob = discord.add_user("bob")
    refused = await discord.press(message, "Delete", bob)
    assert "Only who asked" in (await refused.answered()).content
    assert refused.ephemeral
    assert not message.deleted
    await discord.press(message, "Delete", ada)
    await discord.until(lambda: message.deleted)
    _, second = await ask(discord, guild, ada)
    await discord.press(second, "Delete", moderator)
    await discord.until(lambda: second.deleted)


async def test_a_follow_up_knows_the_question_before(discord, guild, ada):
    _, message = await ask(discord, guild, ada, "Will open models catch up with closed ones?")
    opened = await discord.press(message, "Follow up", ada)
    followed = await (await discord.submit(opened, {"question": "and what about cybersecurity?"})).answered()
    assert "-# Question: and what about cybersecurity?" in followed.content
    quotes = [line for line in followed.content.split("\n") if line.startswith("> ")]
    assert any("security" in quote.lower() for quote in quotes)
    why = await discord.press(message, "Follow up", ada)
    completed = await (await discord.submit(why, {"question": "and why?"})).answered()
    assert "-# Understood as: Will open models catch up with closed ones? and why?" in completed.content


async def test_in_a_thread_questions_have_context_and_numbers_stay(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    told = await (await discord.press(message, "Ask in thread", ada)).answered()
    thread = discord.channels[int(re.search(r"<#(\d+)>", told.content)[1])]
    first = await discord.next_message(thread)
    assert "with the ping on" in first.content
    asked = await discord.say(thread, "and a consortium?", ada, reply_to=first)
    answered = await discord.reply_to(asked)
    assert "-# Understood as: " in answered.content
    assert re.search(r"^\*\*\[[2-9]\]\*\* \[The inevitable need", answered.content, flags=re.MULTILINE)
    back = await discord.reply_to(await discord.say(thread, QUESTION, ada, mention_bot=True))
    assert re.search(r"^\*\*\[1\]\*\* \[Open and closed models are on", back.content, flags=re.MULTILINE)
    twice = await (await discord.press(message, "Ask in thread", ada)).answered()
    assert "already" in twice.content


async def test_what_was_refused_in_a_thread_is_no_context_of_it(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    await (await discord.press(message, "Ask in thread", ada)).answered()
    thread = discord.channels[message.id]
    refused = await discord.reply_to(await discord.say(thread, FOREIGN, ada, mention_bot=True))
    assert "does not cover this" in refused.content
    linked = await discord.reply_to(await discord.say(thread, "link?", ada, mention_bot=True))
    assert f"-# Understood as: {QUESTION} link?" in linked.content
    assert "](<https://" in linked.content
    assert "Noted" not in linked.content


async def test_what_was_asked_in_private_is_no_context_of_a_thread(discord, guild, ada):
    bob = discord.add_user("bob")
    _, message = await ask(discord, guild, ada)
    await (await discord.press(message, "Ask in thread", ada)).answered()
    thread = discord.channels[message.id]
    question = {"question": "Will open models catch up with closed ones?", "private": True}
    await (await discord.slash("ask", question, user=bob, channel=thread)).answered()
    followed = await discord.reply_to(await discord.say(thread, "and why?", ada, mention_bot=True))
    assert f"-# Understood as: {QUESTION} and why?" in followed.content
    assert "catch up" not in followed.content.split("\n")[1]


async def test_a_press_is_answered_where_discord_stumbles_over_its_acknowledgement(discord, guild, ada):
    """Discord takes the acknowledgement and fails; the library sends it again and is told that it was taken."""
    _, message = await ask(discord, guild, ada)
    for label, says in (("Evidence", "different curves"), ("Related", "What to read next"), ("Ask in thread", "<#")):
        discord.faults.fail("POST", "/callback$", 500, after=True)
        assert says in (await (await discord.press(message, label, ada)).answered()).content
    discord.faults.fail("POST", "/callback$", 500, after=True)
    await discord.press(message, "Delete", ada)
    await discord.until(lambda: message.deleted)


async def test_a_deleted_question_is_no_context_any_more(discord, guild, ada):
    bob = discord.add_user("bob")
    _, message = await ask(discord, guild, ada)
    await (await discord.press(message, "Ask in thread", ada)).answered()
    thread = discord.channels[message.id]
    asked = await discord.say(thread, "Will open models catch up with closed ones?", bob, mention_bot=True)
    answered = await discord.reply_to(asked)
    await discord.press(answered, "Delete", bob)
    await discord.until(lambda: answered.deleted)
    followed = await discord.reply_to(await discord.say(thread, "and why?", ada, mention_bot=True))
    assert f"-# Understood as: {QUESTION} and why?" in followed.content


# What the corpus holds


async def test_titles_are_suggested_while_somebody_types(discord, guild, ada):
    for typed in ("c", "con", "consort", "CONSORTIUM need"):
        choices = await discord.autocomplete("entry", "title", typed, user=ada, channel=guild.channel)
        assert "consortium" in [choice["value"] for choice in choices]
    assert await discord.autocomplete("entry", "title", "zzz", user=ada, channel=guild.channel) == []


async def test_an_entry_is_shown_as_a_page(discord, guild, ada):
    handle = await discord.slash("entry", {"title": "consortium"}, user=ada, channel=guild.channel)
    page = await handle.answered()
    assert "### [The inevitable need for an open model consortium](<https://www.interconnects.ai/" in page.content
    assert "**Related events (8)**" in page.content
    unknown = await discord.slash("entry", {"title": "no such thing"}, user=ada, channel=guild.channel)
    assert "choose one of those" in (await unknown.answered()).content
    assert unknown.ephemeral


async def test_browsing_turns_pages_and_keeps_its_filters(discord, guild, ada):
    handle = await discord.slash("browse", {"kind": "event"}, user=ada, channel=guild.channel)
    first = await handle.answered()
    assert handle.ephemeral
    assert "page 1 of 2 · 9 entries" in first.content
    assert first.content.count("\n- ") == 8
    await discord.press(first, "Next", ada)
    await discord.until(lambda: "page 2 of 2 · 9 entries" in first.content)
    assert first.content.count("\n- ") == 1
    await discord.press(first, "First", ada)
    await discord.until(lambda: "page 1 of 2" in first.content)


async def test_latest_and_timeline(discord, guild, ada):
    latest = await (await discord.slash("latest", user=ada, channel=guild.channel)).answered()
    days = [int(day) for day in re.findall(r"<t:(\d+):D>", latest.content)]
    assert days == sorted(days, reverse=True)
    handle = await discord.slash("timeline", {"topic": "open models catching up"}, user=ada, channel=guild.channel)
    timeline = await handle.answered()
    days = [int(day) for day in re.findall(r"<t:(\d+):D>", timeline.content)]
    assert len(days) > 1
    assert days == sorted(days)
    assert timeline.content.count("\n> ") == len(days)
    nothing = await discord.slash("timeline", {"topic": FOREIGN}, user=ada, channel=guild.channel)
    assert "does not cover" in (await nothing.answered()).content


async def test_help_and_privacy_are_for_the_asker(discord, guild, ada):
    for name, says in (("help", "12 entries (9 events, 3 guides)"), ("privacy", "What this bot stores")):
        handle = await discord.slash(name, user=ada, channel=guild.channel)
        assert says in (await handle.answered()).content
        assert handle.ephemeral


async def test_forget_me_deletes_votes_and_gaps(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    await (await discord.press(message, "👍", ada)).answered()
    await ask(discord, guild, ada, FOREIGN)
    told = await (await discord.slash("forget-me", user=ada, channel=guild.channel)).answered()
    assert "votes (1) and uncovered questions (1)" in told.content
    refused = await (await discord.press(message, "Delete", ada)).answered()
    assert "Only who asked" in refused.content


async def test_what_is_closest_can_be_checked_and_is_a_gap(discord, guild, ada):
    _, message = await ask(discord, guild, ada, "Pourquoi la distillation est-elle importante pour nous ?")
    assert "-# The question is in French; this corpus is in English" in message.content
    assert "\n**Nothing here answers this directly; closest:**\n" in message.content
    assert "istillation" in (await (await discord.press(message, "Evidence", ada)).answered()).content
    forgotten = await (await discord.slash("forget-me", user=ada, channel=guild.channel)).answered()
    assert "uncovered questions (1)" in forgotten.content


# Bad input


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("why " * 1500, "at most 300 are read"),
        ("\u200b\u200d\u2060", "is empty"),
        ("?!", "has no words"),
    ],
    ids=["6,000 characters", "zero width", "no words"],
)
async def test_a_question_that_is_none_is_refused_in_a_sentence(discord, guild, ada, question, says):
    reply = await discord.reply_to(await discord.say(guild.channel, question, ada, mention_bot=True))
    assert says in reply.content
    assert reply.components == []


async def test_a_question_with_mentions_and_fences_comes_back_harmless(discord, guild, ada):
    hostile = f"@everyone {ada.mention} ```why do **open** and closed models differ?``` [x](https://evil.example)"
    _, message = await ask(discord, guild, ada, hostile)
    first = message.content.split("\n")[0]
    assert first.startswith("-# Question: \\@everyone \\<\\@")
    assert "\\`\\`\\`why" in first
    assert "\\[x\\](https\\://evil\\.example)" in first


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"since": "soon"}, "is no date"),
        ({"since": "2026-05", "until": "2026-01"}, "exchange the two"),
        ({"person": "Nobody Atall"}, "Nobody of that name"),
        ({"source": "no such source"}, "is no source of this corpus"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_filter_that_is_none_is_refused_to_the_asker_alone(discord, guild, ada, options, says):
    handle = await discord.slash("ask", {"question": QUESTION, **options}, user=ada, channel=guild.channel)
    await discord.until(lambda: handle.answer is not None)
    assert says in handle.answer.content
    assert handle.answer.ephemeral
    assert [m for m in guild.channel.messages if m.author is discord.bot and not m.ephemeral and not m.deleted] == []


async def test_somebody_who_asks_too_often_is_told_when_to_ask_again(discord, guild, ada):
    for _ in range(5):
        await ask(discord, guild, ada)
    handle, message = await ask(discord, guild, ada)
    assert re.search(r"You have asked often enough for now\. The next question may come <t:\d+:R>\.", message.content)
    assert handle.ephemeral
    assert handle.response == 4


async def test_small_talk_is_answered_spends_no_question_and_is_no_gap(discord, guild, ada, moderator):
    for _ in range(5):
        await ask(discord, guild, ada)
    handle, message = await ask(discord, guild, ada, "who are you")
    assert message.content.startswith("I am a bot")
    assert "For example:\n- What is “" in message.content
    assert (message.labels, handle.ephemeral) == (["Delete"], False)
    greeted = await discord.reply_to(await discord.say(guild.channel, "hi there!", ada, mention_bot=True))
    assert greeted.content.startswith("Hello!")
    gaps = await (await discord.slash("corpus gaps", {}, user=moderator, channel=guild.channel)).answered()
    assert "hi there" not in gaps.content
    assert "who are you" not in gaps.content
    await discord.press(message, "Delete", ada)
    await discord.until(lambda: message.deleted)


async def test_a_list_and_a_summary_of_a_piece_are_answered_from_the_record(discord, guild, ada):
    _, listed = await ask(discord, guild, ada, "list all essays from April")
    assert listed.content.startswith("-# Question: list all essays from April\n4 entries of April 2026:\n- [AI and the")
    assert listed.labels == ["Follow up", "Delete"]
    select = next(part for part in listed.parts() if "options" in part)
    page = await (await discord.choose(listed, select["custom_id"], ["consortium"], ada)).answered()
    assert "The inevitable need for an open model consortium" in page.content
    _, whole = await ask(discord, guild, ada, "tl;dr of the consortium essay")
    assert "“The inevitable need for an open model consortium”, in our summary: " in whole.content
    assert "Evidence" in whole.labels


async def test_small_talk_is_no_context_of_a_thread(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    await (await discord.press(message, "Ask in thread", ada)).answered()
    thread = discord.channels[message.id]
    thanked = await discord.reply_to(await discord.say(thread, "thanks", ada, mention_bot=True))
    assert thanked.content == "You are welcome."
    followed = await discord.reply_to(await discord.say(thread, "and a consortium?", ada, mention_bot=True))
    assert f"-# Understood as: {QUESTION} and a consortium?" in followed.content


async def test_a_button_of_an_earlier_version_says_so(discord, guild, ada):
    _, message = await ask(discord, guild, ada)
    for custom_id in ("vote:1:up", "fn:gone:1"):
        message.components[0]["components"][0]["custom_id"] = custom_id
        handle = await discord.press(message, custom_id, ada)
        assert "earlier version" in (await handle.answered()).content
        assert handle.ephemeral


async def test_a_command_of_an_earlier_version_says_so(discord, guild, ada, monkeypatch):
    latest = next(command for command in discord.commands[None] if command["name"] == "latest")
    monkeypatch.setitem(latest, "name", "newest")
    handle = await discord.slash("newest", user=ada, channel=guild.channel)
    assert "from an earlier version" in (await handle.answered()).content
    assert handle.ephemeral


async def test_an_interaction_that_came_too_late_is_answered_in_the_channel(discord, guild, ada):
    handle = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=guild.channel)
    handle.miss()
    posted = await discord.next_message(guild.channel)
    assert "different curves" in posted.content


async def test_a_channel_or_message_that_goes_away_stops_nothing(discord, guild, ada):
    channel = discord.add_channel("short-lived", guild=guild)
    await discord.say(channel, QUESTION, ada, mention_bot=True)
    discord.remove_channel(channel)
    asked = await discord.say(guild.channel, QUESTION, ada, mention_bot=True)
    await discord.delete(asked)
    _, message = await ask(discord, guild, ada)
    assert "different curves" in message.content


async def test_a_channel_without_permissions_is_named_in_the_log(discord, guild, ada):
    channel = discord.add_channel("closed", guild=guild, deny=Permission.SEND_MESSAGES)
    ada_may = discord.add_user("eve", MEMBER | Permission.ADMINISTRATOR)
    await discord.say(channel, QUESTION, ada_may, mention_bot=True)
    await discord.until(
        lambda: f"Nobody can be answered in channel {channel.id} (missing permissions" in discord.running.log
    )
    await ask(discord, guild, ada)


async def test_without_read_message_history_the_answer_is_no_reply_but_comes(discord, guild, ada):
    channel = discord.add_channel("no-history", guild=guild, deny=Permission.READ_MESSAGE_HISTORY)
    await discord.say(channel, QUESTION, ada, mention_bot=True)
    answer = await discord.next_message(channel)
    assert "different curves" in answer.content
    assert answer.reference is None


@pytest.mark.parametrize("name", ["CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS"])
async def test_a_thread_is_not_begun_where_the_bot_could_not_go_on(discord, guild, ada, name):
    channel = discord.add_channel("threadless", guild=guild)
    handle = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=channel)
    message = await handle.answered()
    discord.deny(channel, Permission[name])
    refused = await (await discord.press(message, "Ask in thread", ada)).answered()
    assert f"lacks the permission {name.replace('_', ' ').title().replace(' In ', ' in ')} " in refused.content
    assert message.thread is None
    handle = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=channel)
    assert "Ask in thread" not in (await handle.answered()).labels


async def test_a_thread_that_takes_nothing_is_named_in_the_log(discord, guild, ada):
    thread = discord.add_thread(guild.channel, "closed", owner=ada)
    thread.locked = True
    await discord.say(thread, QUESTION, ada, mention_bot=True)
    await discord.until(lambda: f"Nobody can be answered in channel {thread.id} (locked thread" in discord.running.log)


# Settings


async def test_settings_are_hidden_and_refused_to_members(discord, guild, ada):
    with pytest.raises(AssertionError, match="does not see"):
        await discord.slash("settings", user=ada, channel=guild.channel)
    opened = await discord.slash("settings", user=ada, channel=guild.channel, force=True)
    assert "Only members who may manage this server" in (await opened.answered()).content
    assert opened.ephemeral


async def test_channels_roles_and_privacy_hold_as_set(discord, guild, ada, moderator):
    asking = discord.add_channel("ask-here", guild=guild)
    panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
    assert "Answers in: everywhere" in panel.content
    await (await discord.choose(panel, "fn:set:channels", [asking], moderator)).answered()
    await discord.until(lambda: f"Answers in: {asking.mention}" in panel.content)
    handle, refused = await ask(discord, guild, ada)
    assert handle.ephemeral
    assert f"other channels for questions: {asking.mention}" in refused.content
    await (await discord.choose(panel, "fn:set:private", ["private"], moderator)).answered()
    await discord.until(lambda: "Answers are private" in panel.content)
    handle = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=asking)
    await handle.answered()
    assert handle.ephemeral


async def test_a_first_announcement_does_not_tell_of_what_is_there(discord, guild, moderator):
    panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
    await (await discord.choose(panel, "fn:set:announce", [guild.channel], moderator)).answered()
    await discord.until(lambda: f"announced: {guild.channel.mention}" in panel.content)
    assert [m for m in guild.channel.messages if m.author is discord.bot and not m.ephemeral] == []


async def test_who_goes_on_after_refusals_is_not_told_for_all_to_read(discord, guild, ada):
    for _ in range(6):
        await discord.say(guild.channel, "?!", ada, mention_bot=True)
    asked = await discord.say(guild.channel, QUESTION, ada, mention_bot=True)
    await discord.reply_to(asked)
    told = [m for m in guild.channel.messages if m.author is discord.bot and "has no words" in m.content]
    assert len(told) == 3


async def test_an_answer_is_shared_once(discord, guild, ada):
    _, private = await ask(discord, guild, ada, private=True)
    await (await discord.press(private, "Share", ada)).answered()
    again = await discord.press(private, "Share", ada)
    assert "shared already" in (await again.answered()).content
    assert again.ephemeral


async def test_answers_are_private_once_the_only_channel_for_them_is_gone(discord, guild, ada, moderator):
    asking = discord.add_channel("ask-here", guild=guild)
    panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
    await (await discord.choose(panel, "fn:set:channels", [asking], moderator)).answered()
    await discord.until(lambda: f"Answers in: {asking.mention}" in panel.content)
    discord.remove_channel(asking)
    for _ in range(20):  # Discord tells of the deletion beside what people do
        told = await (await discord.slash("corpus log", user=moderator, channel=guild.channel)).answered()
        if "answers are private until another channel is set" in told.content:
            break
    handle, message = await ask(discord, guild, ada)
    assert "different curves" in message.content
    assert handle.ephemeral
