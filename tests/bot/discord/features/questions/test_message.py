"""What a member reads: messages of every answer, however long or hostile, within Discord's limits."""

from dataclasses import replace
from datetime import date

import pytest
from build import compose, entry, hit, quick
from hypothesis import given
from hypothesis import strategies as st
from markup import foreign, links, live

from bot.discord.features.entries.message import entry_page, timeline_message
from bot.discord.features.questions.message import Heading, answer_message, evidence_messages
from bot.discord.messages.entry_lines import entry_line
from bot.discord.messages.question_lines import asked_in, is_refusal
from bot.text import size
from corpus import Answer, Context, Filters, Listing, Page, Related, Sentence, Source, Timings
from corpus.answer.select import Quote
from corpus.models.entries import Block, Person
from tests.bot.discord.test_markdown import HOSTILE

SOURCES = {"interconnects": Source("interconnects", "Interconnects", 2, piece="essay")}
QUESTION = "How big is the gap?"
LONGEST_URL = "https://example.org/" + "a" * 380
SIGNS = "*_" * 100


def answer(*entries, related=(), nearest=(), near=(), covered=True):
    """An answer that quotes the whole text of each of these entries; `near`: one that does so without answering."""
    sentences, citations = quoted(entries)
    return Answer(
        question=QUESTION,
        outcome="answered" if covered else "not_covered",
        confidence=0.9,
        sentences=tuple(sentences),
        citations=tuple(citations),
        related=Related(events=tuple(related)),
        nearest=(*nearest, *near),
        timings_ms=Timings(0, 0, 0, 0),
        generation=1,
        sources=SOURCES,
        near=tuple(quoted(near)[1]),
    )


def quoted(entries):
    return compose([Quote(hit((one.text, 0.9), **fields_of(one)), 0, len(one.text)) for one in entries], SOURCES)


def fields_of(one):
    return {name: getattr(one, name) for name in ("id", "title", "url", "people", "wording", "published", "access")}


def message(found, question=QUESTION, understood=None, filters=Filters()):  # noqa: B008  frozen
    numbers = {c.entry.id: c.number for c in found.citations}
    return answer_message(found, Heading(question, understood or question, filters), numbers)


def test_an_answer_reads_like_this():
    found = answer(entry(text="The gap is six months."), related=[entry(id="next", title="What next")])
    assert message(found) == (
        "-# Question: How big is the gap?\n"
        "Nathan Lambert, Interconnects, 1 June 2026:\n"
        "> “The gap is six months.” **[1]**\n"
        "**Sources**\n"
        "**[1]** [The gap](<https://example.org/gap>) · Nathan Lambert · Interconnects · <t:1780315200:D> · "
        "commentary, tier 2\n"
        "-# Related events: [What next](<https://example.org/gap>)\n"
        "-# Chosen by a bot from its corpus; it can miss things."
    )


def test_what_is_said_of_a_piece_as_a_whole_stands_above_its_sentences():
    found = answer(entry(text="The gap is six months."))
    shown = message(replace(found, listing=Listing("“The gap”, in our summary: *It* is small.", (entry(),), total=1)))
    assert shown.startswith(
        "-# Question: How big is the gap?\n“The gap”, in our summary: \\*It\\* is small.\nNathan Lambert, Interconnects"
    )


def test_a_sentence_of_a_writer_names_each_entry_that_it_rests_on_and_a_quote_serves_twice():
    found = answer(entry(text="The gap is six months."), entry(id="two", title="Two", text="It closes."))
    written = (
        Sentence("The gap is six months and closes.", (1, 2), quotes=(0, 1)),
        Sentence("It closes, *they* say.", (2,), quotes=(1,)),
    )
    shown = message(replace(found, sentences=written))
    assert (
        "> The gap is six months and closes. **[1]** **[2]**\n> It closes, \\*they\\* say. **[2]**\n**Sources**\n"
        in shown
    )
    assert [line[:7] for line in shown.split("\n") if line.startswith("**[")] == ["**[1]**", "**[2]**"]


def test_what_is_not_covered_shows_what_is_near_as_what_its_entry_says():
    near = [entry(text="The gap is six months."), entry(id="two", title="Two", text="It closes.", wording="summary")]
    assert message(answer(near=near, covered=False)) == (
        "-# Question: How big is the gap?\n"
        "**The corpus does not cover this.**\n"
        "Near it, not an answer:\n"
        "- [The gap](<https://example.org/gap>) · Nathan Lambert · Interconnects · <t:1780315200:D> · "
        "commentary, tier 2\n"
        "> Nathan Lambert, Interconnects, 1 June 2026: “The gap is six months.”\n"
        "- [Two](<https://example.org/gap>) · Nathan Lambert · Interconnects · <t:1780315200:D> · "
        "commentary, tier 2\n"
        "> From a summary of Nathan Lambert's essay, 1 June 2026: It closes.\n"
        "-# Noted for the moderators as a gap, without your name."
    )


def test_what_is_closest_is_said_to_be_no_direct_answer_above_its_quotes():
    found = replace(answer(entry(text="The gap is six months.")), outcome="closest")
    assert message(found) == (
        "-# Question: How big is the gap?\n"
        "-# Noted for the moderators as a gap, without your name.\n"
        "**Nothing here answers this directly; closest:**\n"
        "Nathan Lambert, Interconnects, 1 June 2026:\n"
        "> “The gap is six months.” **[1]**\n"
        "**Sources**\n"
        "**[1]** [The gap](<https://example.org/gap>) · Nathan Lambert · Interconnects · <t:1780315200:D> · "
        "commentary, tier 2\n"
        "-# Chosen by a bot from its corpus; it can miss things."
    )


@pytest.mark.parametrize("found", [answer(covered=False), answer(nearest=[entry()], covered=False)])
def test_a_refusal_is_told_from_an_answer_by_its_message(found):
    assert is_refusal(message(found, "**The corpus does not cover this"))
    assert not is_refusal(message(answer(entry()), "**The corpus does not cover this.**"))


def test_what_could_not_be_searched_is_not_said_to_be_missing():
    said = message(replace(answer(covered=False), passing=12, searched=False))
    assert "**Nothing of this question could be searched.**" in said
    assert "does not cover" not in said
    assert is_refusal(said)


def test_where_nothing_is_near_no_entry_is_named():
    nothing = message(replace(answer(covered=False), passing=12))
    assert nothing == (
        "-# Question: How big is the gap?\n"
        "**The corpus does not cover this, and holds nothing near it.**\n"
        "-# Noted for the moderators as a gap, without your name."
    )
    assert "No entry passes the filters" in message(answer(covered=False))


@pytest.mark.parametrize(("words", "quotes"), [(20, 3), (120, 2), (190, 1), (400, 0)])
def test_quotes_of_what_is_near_give_way_before_its_entries(words, quotes):
    near = [entry(id=f"e{i}", title=f"Title {i}", text=f"{i} " + "word " * words + "end.") for i in range(3)]
    shown = message(answer(near=near, covered=False))
    assert size(shown) <= 1950
    assert [f"[Title {i}]" in shown for i in range(3)] == [True] * 3
    assert shown.count("\n> ") == shown.count(" end.”\n") == quotes
    assert [f"“{i} word" in shown for i in range(3)] == [i < quotes for i in range(3)]


def test_filters_and_the_understood_question_are_shown_back():
    filters = Filters(since=date(2026, 4, 1), person="Lambert", kind="event")
    shown = message(answer(entry()), "and security?", "How big is the gap and security?", filters)
    assert "-# Understood as: How big is the gap and security?" in shown
    assert "-# Only: since 1 April 2026 · Lambert · events" in shown
    assert asked_in(shown) == "How big is the gap and security?"
    assert asked_in(shown, as_written=True) == "and security?"


def test_somebodys_message_is_no_question_however_its_words_were_understood():
    shown = answer_message(
        answer(entry()), Heading("An opne model.", "An open model.", Filters(), noted=False), {"gap": 1}
    )
    assert "-# Understood as: An open model." in shown
    assert asked_in(shown) is None


NOTE = "No entry by Dean W. Ball since 1 November 2026: this is from all entries."


def test_what_was_understood_and_what_is_to_be_known_stand_above_the_quotes():
    heard = {"understood": "since 1 November 2026, Dean W. Ball", "notes": (NOTE,)}
    told = (
        "-# Understood: since 1 November 2026, Dean W. Ball\n-# No entry by Dean W. Ball since 1 November 2026: this is"
    )
    for found in (answer(entry()), answer(nearest=[entry()], covered=False), answer(covered=False)):
        shown = message(replace(found, **heard), "and Ball?", "How big is the gap and Ball?")
        assert told in shown
        assert asked_in(shown) == "How big is the gap and Ball?"
    alone = message(replace(answer(entry()), **heard))
    assert asked_in(alone) == QUESTION
    assert alone.index("Understood") < alone.index("> “")


@pytest.mark.parametrize("question", [*HOSTILE, QUESTION])
def test_the_message_gives_its_question_back(question):
    """It is the only place that keeps it."""
    shown = message(answer(entry()), " ".join(question.split()))
    assert asked_in(shown).replace("\u200b", "") == " ".join(
        "".join(c for c in question if c not in "\u202e\u200b").split()
    )


def test_sources_keep_their_marks():
    teaser = entry_line(
        entry(access="teaser", kind="guide", people=(Person("A", "host"), Person("B", "guest"))), SOURCES
    )
    assert "guide, commentary, tier 2 · teaser only" in teaser
    assert "A (host), B (guest)" in teaser


def test_five_long_quotes_are_shortened_by_the_sentence_and_keep_their_sources():
    long = [entry(id=f"e{i}", title="T" * 90, text=f"{i} " + "word " * 120 + "end.") for i in range(5)]
    shown = message(answer(*long))
    assert size(shown) <= 1950
    cited = [n for n in range(1, 6) if f"**[{n}]**\n" in shown]
    assert cited
    assert "more under Evidence" in shown
    for number in cited:
        assert f"**[{number}]** [T" in shown
        assert "end.” " in shown


TEXT = st.lists(st.sampled_from([*"aé語🔎 .*_`[]()<>@#|~\\-:/", "\n", *HOSTILE]), min_size=1, max_size=40).map("".join)


@quick
@given(
    texts=st.lists(TEXT.map(lambda t: f"Word {t} end."), min_size=1, max_size=5),
    title=TEXT,
    question=TEXT,
    long=st.integers(1, 8),
    url=st.sampled_from(["https://example.org/gap", LONGEST_URL]),
)
def test_no_message_is_too_long_or_lets_anything_through(texts, title, question, long, url):
    people = (Person((title * long)[:200], "author"),) * long
    fields = {"title": title, "people": people, "url": url}
    entries = [entry(id=f"e{i}", text=text * long, **fields) for i, text in enumerate(texts)]
    found = replace(answer(*entries, related=entries), understood=title * long, notes=(title * long, question))
    shown = message(found, question * long, understood=f"{question} {question}" * long)
    assert size(shown) <= 1950
    assert {target for _, target in links(shown)} <= {url}
    assert not live(foreign(shown))
    assert shown.count("**Sources**") == 1
    silent = message(replace(answer(near=entries[:3], covered=False), notes=(title * long, question)), question * long)
    assert size(silent) <= 1950
    assert {target for _, target in links(silent)} <= {url}
    assert not live(foreign(silent))
    assert "Near it, not an answer:" in silent


def test_names_of_nothing_but_signs_leave_room_for_the_answer():
    """Each sign takes two characters of a message, and names come from outside."""
    people = (Person(SIGNS, "author"),) * 3
    worst = entry(title=SIGNS, text=f"Word {SIGNS * 4}", people=people, url=LONGEST_URL, source=SIGNS, access="teaser")
    found = replace(answer(worst, worst, worst), understood=SIGNS * 3, notes=(SIGNS * 3,) * 3)
    filters = Filters(since=date(2026, 9, 30), until=date(2026, 9, 30), person=SIGNS, source=SIGNS, kind="event")
    shown = message(found, SIGNS, SIGNS * 3, filters)
    assert size(shown) <= 1950
    assert "> “Word \\*" in shown
    assert LONGEST_URL in shown
    assert size(timeline_message(SIGNS, found)) <= 1950
    page = Page(worst, SOURCES["interconnects"], Related(events=(worst,) * 8), (worst,) * 5)
    assert size(entry_page(page)) <= 1950
    worst_context = context(quote=SIGNS * 4, section=SIGNS, people=people, url=LONGEST_URL, title=SIGNS)
    evidence = evidence_messages([(1, worst_context)])
    assert all(size(one) <= 1950 for one in evidence)


def context(quote="The gap is six months.", before="Before it. ", after=" After it.", section="", **changes):
    one = entry(text=before + quote + after, **changes)
    return Context(one, SOURCES["interconnects"], before, quote, after, section)


def test_evidence_shows_the_quote_in_its_paragraph_with_a_link_that_scrolls():
    (shown,) = evidence_messages([(1, context())])
    assert "> Before it. **The gap is six months.** After it." in shown
    assert "[Open at the quote](<https://example.org/gap#:~:text=The%20gap%20is%20six%20months.>)" in shown
    assert "the author's words\n" in shown


def test_evidence_names_the_section_of_each_quote_as_text_without_a_meaning():
    (shown,) = evidence_messages([(1, context(section="What comes *next*")), (1, context(section="@everyone [x](y)"))])
    assert "the author's words · under “What comes \\*next\\*”\n>" in shown
    assert "**[1]** the same piece · under “\\@everyone \\[x\\](y)”\n>" in shown


def test_a_page_names_where_else_it_was_published():
    post = entry(id="post", title="The gap, again", source="elsewhere", url="https://example.com/again")
    page = Page(
        entry(), SOURCES["interconnects"], Related(), (post,), {"elsewhere": Source("elsewhere", "A *Blog*", 3)}
    )
    also = "-# Also published as: [The gap, again](<https://example.com/again>) · A \\*Blog\\* · <t:1780315200:D>"
    assert also in entry_page(page)
    bare = Page(entry(), SOURCES["interconnects"], Related(), (entry(title="Lost", source="gone", url=None),))
    assert "-# Also published as: Lost · gone · " in entry_page(bare)


def test_evidence_of_a_summary_does_not_pretend_to_be_the_authors():
    (shown,) = evidence_messages([(1, context(wording="summary"))])
    assert "our summary, not the author's words" in shown
    assert "[Open the piece](<https://example.org/gap>)" in shown


def test_evidence_describes_an_entry_once():
    (shown,) = evidence_messages([(1, context(wording="summary")), (1, context(quote="And so.", wording="summary"))])
    assert shown.count("https://example.org/gap") == 2  # its title and the way to the piece
    assert "\n**[1]** the same piece\n> Before it. **And so.** After it." in shown


@quick
@given(st.lists(st.tuples(TEXT, st.integers(1, 12)), min_size=1, max_size=5))
def test_evidence_fits_and_is_harmless(parts):
    found = [
        (i, context(quote=t * n, before=t * 30, after=t * 30, section=t * n, title=t, url=LONGEST_URL))
        for i, (t, n) in enumerate(parts, 1)
    ]
    shown = evidence_messages(found)
    assert all(size(one) <= 1950 for one in shown)
    joined = "\n".join(shown)
    assert [n for n in range(1, len(parts) + 1) if f"**[{n}]** " in joined] == list(range(1, len(parts) + 1))


def test_a_number_of_the_conversation_replaces_that_of_the_answer():
    found = answer(entry())
    assert "**[7]**" in answer_message(found, Heading(QUESTION, QUESTION, Filters()), {"gap": 7})


# Whose words


TALK = "Closed models win. Open ones last."
TALKED = (Block(0, 18, "prose", "Cy Wren"), Block(19, 34, "quote", "Bo *Marsh*"))


def talked():
    """An answer that quotes one entry twice: a speaker's line, and what is quoted there."""
    whole = entry(text=TALK, blocks=TALKED)
    found = answer(whole)
    quotes = [Quote(replace(hit((TALK, 0.9)), entry=whole), block.start, block.end) for block in TALKED]
    sentences, citations = compose(quotes, SOURCES)
    return replace(found, sentences=tuple(sentences), citations=tuple(citations))


def test_two_voices_of_one_entry_are_led_in_each():
    lines = message(talked()).split("\n")
    assert lines[1:5] == [
        "Cy Wren, Interconnects, 1 June 2026:",
        "> “Closed models win.” **[1]**",
        "Bo \\*Marsh\\*, quoted by Nathan Lambert, Interconnects, 1 June 2026:",
        "> “Open ones last.” **[1]**",
    ]


def test_a_timeline_names_who_speaks_where_that_is_nobody_of_the_entrys_own_voice():
    shown = timeline_message("models", talked())
    assert "> Cy Wren, Interconnects, 1 June 2026: “Closed models win.”" in shown


@pytest.mark.parametrize(
    ("kind", "speaker", "said"),
    [
        ("prose", None, "the author's words"),
        ("prose", "Cy *Wren*", "Cy \\*Wren\\* speaks"),
        ("quote", "Bo Marsh", "Bo Marsh, who is quoted there"),
        ("quote", "", "somebody else, who is quoted there"),
        ("list", "", "somebody else speaks"),
    ],
)
def test_evidence_says_whose_words_it_shows(kind, speaker, said):
    found = replace(context(), kind=kind, speaker=speaker)
    first, second = evidence_messages([(1, found), (1, found)])[0].split("\n**[1]** the same piece")
    assert f" · {said}\n" in first
    assert second.startswith(f" · {said}\n" if speaker is not None else "\n")
