"""An answer → the text of a Discord message. Pure.

Only text made here has a meaning for Discord; what comes from an entry or a member goes through `safe`. What does not
fit is left out by the sentence: never a part of a link, and never the source of a sentence that is heading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.discord.markdown import MOST, escape, escape_highlights, escape_within, link, link_to_quote
from bot.discord.messages.entry_lines import entry_line
from bot.discord.messages.fitting import packed
from bot.discord.messages.question_lines import ASKED, ON_MESSAGE, UNDERSTOOD, filters_in_words
from bot.highlights import quotes_of, split_highlights
from bot.shared import CLOSEST, LONGEST_SECTION, NEAR, NOT_COVERED, NOT_SEARCHED, NOTHING_NEAR
from bot.text import plain, shorten, size
from corpus import Answer, Citation, Context, Filters, Sentence, Source, sentence_of

QUESTION, SHORT_QUESTION = 300, 80
LONGEST_LEAD = 240  # names come from outside, and each may be 200 signs long
LONGEST_NOTE, SHORT_NOTE = 160, 40  # of what was understood; notes may have twice as many
NO_ENTRY = f"**{NOT_COVERED}** No entry passes the filters; leave one of them out."
ONLY = "-# Only: "
INTERPRETED = "-# Understood: "
BY_BOT = "-# Chosen by a bot from its corpus; it can miss things."
LONGEST_LINE = 600  # characters of what is said without a quote; titles and names in it come from outside
MOST_RELATED = 3  # titles of each kind in a message
NOTED = "-# Noted for the moderators as a gap, without your name."


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above an answer: the question as asked, as understood, and what it was confined to.

    `noted`: whether it is a question to us, and no text of somebody's message; `is_gap`: whether it is kept as a gap
    where it is not covered.
    """

    question: str
    understood: str
    filters: Filters
    noted: bool = True
    is_gap: bool = True


def answer_message(answer: Answer, heading: Heading, numbers: Mapping[str, int]) -> str:
    """Return an answer as one message. `numbers`: entry id → its number in this conversation."""
    if answer.outcome == "not_covered":
        return not_covered_message(answer, heading)
    cited = [(sentence, quotes_of(answer, sentence)) for sentence in answer.sentences]
    for question in (QUESTION, SHORT_QUESTION):
        head = head_lines(answer, heading, question)
        for count in range(len(cited), 0, -1):
            body = body_lines(cited[:count], answer.sources, numbers, left_out=len(cited) - count)
            if size(message := "\n".join([*head, *body, BY_BOT])) <= MOST:
                return with_related(head, body, answer)
    # One sentence alone is too long: the quote is cut between words, and Evidence has it whole.
    head = head_lines(answer, heading, SHORT_QUESTION, SHORT_NOTE)
    for most in range(2 * MOST // 3, 0, -100):
        body = body_lines(cited[:1], answer.sources, numbers, left_out=len(cited) - 1, most=most)
        if size(message := "\n".join([*head, *body, BY_BOT])) <= MOST:
            break
    return message


def head_lines(answer: Answer, heading: Heading, most: int, most_understood: int = LONGEST_NOTE) -> list[str]:
    lines = [(ASKED if heading.noted else ON_MESSAGE) + escape(shorten(heading.question, most))]
    if heading.understood != heading.question:
        lines.append(UNDERSTOOD + escape(shorten(heading.understood, most)))
    if confined := filters_in_words(heading.filters):
        lines.append(ONLY + confined)
    if answer.understood:
        lines.append(INTERPRETED + escape_within(answer.understood, most_understood))
    if answer.notes:
        lines.append(f"-# {escape_within(' '.join(answer.notes), 2 * most_understood)}")
    if answer.listing:
        lines.append(escape_within(answer.listing.line, LONGEST_LINE))
    if answer.outcome == "closest":
        lines += [NOTED] if heading.noted and heading.is_gap else []
        lines.append(f"**{CLOSEST}**")
    return lines


def body_lines(
    cited: Sequence[tuple[Sentence, Sequence[Citation]]],
    sources: Mapping[str, Source],
    numbers: Mapping[str, int],
    left_out: int,
    most: int = MOST,
) -> list[str]:
    lines: list[str] = []
    last: tuple[str, bool, str | None] | None = None  # whose words of which entry: one lead-in serves all that follow
    for sentence, quotes in cited:
        voice = (quotes[0].entry.id, quotes[0].kind == "quote", quotes[0].speaker)
        if sentence.lead and voice != last:
            lines.append(escape_within(sentence.lead, LONGEST_LEAD))
        last = voice
        words = escape_highlights(split_highlights(sentence, quotes), most)
        marks = " ".join(f"**[{numbers[entry]}]**" for entry in dict.fromkeys(quote.entry.id for quote in quotes))
        lines.append(f"> {words} {marks}")
    if left_out:
        lines.append(f"-# {left_out} more under Evidence.")
    entries = {quote.entry.id: quote.entry for _, quotes in cited for quote in quotes}
    return [*lines, "**Sources**", *(f"**[{numbers[i]}]** {entry_line(e, sources)}" for i, e in entries.items())]


def with_related(head: list[str], body: list[str], answer: Answer) -> str:
    """Return the message with as many related titles as there is room for; the menu under Related has them all."""
    related = [*answer.related.guides, *answer.related.events]
    message = "\n".join([*head, *body, BY_BOT])
    lines: list[str] = []
    for name, entries in (("guides", answer.related.guides), ("events", answer.related.events)):
        titles: list[str] = []
        for entry in entries[:MOST_RELATED]:
            wider = f"-# Related {name}: {' · '.join([*titles, link(entry.title, entry.url)])} and 9 more"
            if size("\n".join([message, *lines, wider])) > MOST:
                break
            titles.append(link(entry.title, entry.url))
        if titles:
            more = f" and {len(entries) - len(titles)} more" if len(entries) > len(titles) else ""
            lines.append(f"-# Related {name}: {' · '.join(titles)}{more}")
    return "\n".join([*head, *body, *lines, BY_BOT]) if related else message


def not_covered_message(answer: Answer, heading: Heading) -> str:
    head = head_lines(answer, heading, QUESTION)
    if not answer.nearest and not answer.passing:
        return "\n".join([*head, NO_ENTRY])
    noted = [NOTED] if heading.noted and heading.is_gap else []
    if not answer.nearest:
        return "\n".join([*head, f"**{NOTHING_NEAR if answer.searched else NOT_SEARCHED}**", *noted])
    quotes = {c.entry.id: [quote_under_entry(c, answer.sources)] for c in answer.near}
    listed = [[f"- {entry_line(e, answer.sources)}", *quotes.get(e.id, [])] for e in answer.nearest]
    while size(message := "\n".join([*head, f"**{NOT_COVERED}**", NEAR, *chain(*listed), *noted])) > MOST and listed:
        quoted = [lines for lines in listed if len(lines) > 1]
        (quoted[-1] if quoted else listed).pop()  # quotes give way before entries
    return message


def quote_under_entry(citation: Citation, sources: Mapping[str, Source]) -> str:
    """A quote under its entry, with whose words it is."""
    sentence = sentence_of(citation, sources)
    words = escape(plain(sentence.text.removeprefix(sentence.lead)))
    return f"> {escape_within(sentence.lead, LONGEST_LEAD)} {words}"


def evidence_messages(found: Sequence[tuple[int, Context | str]]) -> list[str]:
    """Each quote in its paragraph, with a link that scrolls to it; a text in place of it says why there is none."""
    blocks: list[str] = []
    described: int | None = None  # the number of the entry that was described last
    for number, context in found:
        blocks.append(evidence_block(number, context, known=number == described))
        described = None if isinstance(context, str) else number
    return packed(blocks)


def evidence_block(number: int, context: Context | str, *, known: bool) -> str:
    """One quote; `known`: the one before is of the same entry, which need not be described again."""
    if isinstance(context, str):
        return f"**[{number}]** {escape(context)}"
    entry = context.entry
    whose = words_of(context)
    head = f"**[{number}]** {entry_line(entry, {entry.source: context.source})} · {whose}"
    where = (
        link_to_quote("Open the piece", entry.url, "")
        if entry.wording == "summary"
        else link_to_quote("Open at the quote", entry.url, context.quote)
    )
    if known:
        head = f"**[{number}]** the same piece" + (f" · {whose}" if context.speaker is not None else "")
        where = None if entry.wording == "summary" else where
    if section := escape_within(context.section, LONGEST_SECTION):
        head += f" · under “{section}”"
    tail = f"\n{where}" if where else ""
    around = 500
    while True:
        before, after = tail_of(plain(context.before), around), shorten(plain(context.after), around)
        quoted = " ".join(part for part in (escape(before), f"**{escape(context.quote)}**", escape(after)) if part)
        block = f"{head}\n> {quoted}{tail}"
        if size(block) <= MOST or not around:
            break
        around = around // 2 if around > 20 else 0  # noqa: PLR2004  less than three words say nothing
    if size(block) > MOST:  # a quote of nothing but signs: each has a backslash
        room = MOST - size(f"{head}\n> ****{tail}")
        block = f"{head}\n> **{escape_within(context.quote, room)}**{tail}"
    return block


def words_of(context: Context | Citation) -> str:
    """Whose words a quote is, beside an entry that names its people."""
    if context.entry.wording == "summary":
        return "our summary, not the author's words"
    if context.speaker is None:
        return "the author's words"
    who = escape_within(context.speaker, LONGEST_SECTION) or "somebody else"
    return f"{who}, who is quoted there" if context.kind == "quote" else f"{who} speaks"


def tail_of(text: str, most: int) -> str:
    """The end of a text, begun between two words."""
    if len(text) <= most:
        return text
    return "… " + text[-most:].split(" ", 1)[-1] if most else ""
