"""An answer → the text of a Discord message. Pure.

Only text made here has a meaning for Discord; what comes from an entry or a member goes through `safe`. What does not
fit is left out by the sentence: never a part of a link, and never the source of a sentence that is shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain

from bot.discord.markdown import MOST, escape, escape_within, link, link_to_quote
from bot.text import plain, shorten, size
from corpus import Answer, Citation, Context, Entry, Filters, Sentence, Source, sentence_of, written_day

QUESTION, SHORT_QUESTION = 300, 80
# Names come from outside, and each may be 200 signs long: a message has room for what they say, whatever they are.
LONGEST_LEAD, LONGEST_PEOPLE, LONGEST_SOURCE, LONGEST_FILTER, LONGEST_SECTION = 240, 120, 60, 60, 80
LONGEST_TOLD, SHORT_TOLD = 160, 40  # of what was understood; notes may have twice as many
TIERS = {1: "primary, tier 1", 2: "commentary, tier 2", 3: "tier 3"}
NOT_COVERED = "**The corpus does not cover this.**"
NO_ENTRY = "**The corpus does not cover this.** No entry passes the filters; leave one of them out."
NOTHING_NEAR = "**The corpus does not cover this, and holds nothing near it.**"
NEAR = "Near it, not an answer:"
ASKED, UNDERSTOOD, ONLY = "-# Question: ", "-# Understood as: ", "-# Only: "
HEARD = "-# Understood: "
ON_MESSAGE = "-# On the message: "  # somebody's words, which are no question: nothing reads them back from here
BY_BOT = "-# Chosen by a bot from its corpus; it can miss things."
MOST_RELATED = 3  # titles of each kind in a message
NOTED = "-# Noted for the moderators as a gap, without your name."


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message says besides the answer: the question as asked, as understood, and what it was confined to.

    `noted`: whether it is kept as a gap where it is not covered.
    """

    question: str
    understood: str
    filters: Filters
    noted: bool = True


def answer_message(answer: Answer, shown: Shown, numbers: Mapping[str, int]) -> str:
    """An answer as a message of at most MOST. `numbers`: entry id → the number that it has in this conversation."""
    if not answer.covered:
        return _not_covered(answer, shown)
    told = list(zip(answer.sentences, answer.citations, strict=True))
    for question in (QUESTION, SHORT_QUESTION):
        head = _head(answer, shown, question)
        for count in range(len(told), 0, -1):
            body = _body(told[:count], answer.sources, numbers, left_out=len(told) - count)
            if size(message := "\n".join([*head, *body, BY_BOT])) <= MOST:
                return _with_related(head, body, answer)
    # One sentence alone is too long: the quote is cut between words, and Evidence has it whole.
    head = _head(answer, shown, SHORT_QUESTION, SHORT_TOLD)
    for most in range(2 * MOST // 3, 0, -100):
        body = _body(told[:1], answer.sources, numbers, left_out=len(told) - 1, most=most)
        if size(message := "\n".join([*head, *body, BY_BOT])) <= MOST:
            break
    return message


def _head(answer: Answer, shown: Shown, most: int, told: int = LONGEST_TOLD) -> list[str]:
    lines = [(ASKED if shown.noted else ON_MESSAGE) + escape(shorten(shown.question, most))]
    if shown.understood != shown.question:
        lines.append(UNDERSTOOD + escape(shorten(shown.understood, most)))
    if confined := filters_in_words(shown.filters):
        lines.append(ONLY + confined)
    if answer.understood:
        lines.append(HEARD + escape_within(answer.understood, told))
    if answer.notes:
        lines.append(f"-# {escape_within(' '.join(answer.notes), 2 * told)}")
    return lines


def asked_in(message: str, *, as_written: bool = False) -> str | None:
    """The question that a message of ours answers, as it was understood (or written); None where it shows none.

    The message is the only place that keeps a question: when it is deleted, the question is gone.
    """
    if message.startswith(ON_MESSAGE):  # however its misspelt words were understood
        return None
    for beginning in (ASKED,) if as_written else (UNDERSTOOD, ASKED):
        for line in message.split("\n")[:3]:
            if line.startswith(beginning):
                return re.sub(r"\\(.)", r"\1", line.removeprefix(beginning))
    return None


def filters_in_words(filters: Filters) -> str:
    """The filters in words (since 1 April 2026 · Nathan Lambert); empty where there are none."""
    parts = [
        f"since {written_day(filters.since)}" if filters.since else "",
        f"until {written_day(filters.until)}" if filters.until else "",
        escape_within(filters.person or "", LONGEST_FILTER),
        escape_within(filters.source or "", LONGEST_FILTER),
        f"{filters.kind}s" if filters.kind else "",
    ]
    return " · ".join(part for part in parts if part)


def _body(
    told: Sequence[tuple[Sentence, Citation]],
    sources: Mapping[str, Source],
    numbers: Mapping[str, int],
    left_out: int,
    most: int = MOST,
) -> list[str]:
    lines: list[str] = []
    last: str | None = None
    for sentence, citation in told:
        if citation.entry.id != last:
            lines.append(escape_within(sentence.lead, LONGEST_LEAD))
        last = citation.entry.id
        words = escape(shorten(plain(sentence.text.removeprefix(sentence.lead)), most))
        lines.append(f"> {words} **[{numbers[last]}]**")
    if left_out:
        lines.append(f"-# {left_out} more under Evidence.")
    cited = {c.entry.id: c.entry for _, c in told}
    return [*lines, "**Sources**", *(f"**[{numbers[i]}]** {entry_line(e, sources)}" for i, e in cited.items())]


def entry_line(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Title as a link, who, where, when, and what kind of piece: one line."""
    return f"{link(entry.title, entry.url)} · {entry_facts(entry, sources)}"


def entry_facts(entry: Entry, sources: Mapping[str, Source], *, dated: bool = True) -> str:
    """Who, where, when (unless that stands elsewhere), and what kind of piece."""
    source = sources.get(entry.source)
    people = ", ".join(plain(p.name) + ("" if p.role == "author" else f" ({p.role})") for p in entry.people)
    kind = ("guide, " if entry.kind == "guide" else "") + TIERS[entry.tier]
    parts = [
        escape_within(people, LONGEST_PEOPLE),
        escape_within(source.name if source else entry.source, LONGEST_SOURCE),
        day(entry.published) if dated else "",
        kind,
        "teaser only" if entry.access == "teaser" else "",
    ]
    return " · ".join(part for part in parts if part)


def day(published: date, form: str = "D") -> str:
    """A date in the reader's own language ("d": in digits): at noon, so that it is the same day nearly everywhere."""
    return f"<t:{int(datetime.combine(published, time(12), UTC).timestamp())}:{form}>"


def _with_related(head: list[str], body: list[str], answer: Answer) -> str:
    """The message with as many related titles as there is room for; the menu under Related has them all."""
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


def _not_covered(answer: Answer, shown: Shown) -> str:
    head = _head(answer, shown, QUESTION)
    if not answer.nearest and not answer.passing:
        return "\n".join([*head, NO_ENTRY])
    noted = [NOTED] if shown.noted else []
    if not answer.nearest:
        return "\n".join([*head, NOTHING_NEAR, *noted])
    quotes = {c.entry.id: [_said_near(c, answer.sources)] for c in answer.near}
    listed = [[f"- {entry_line(e, answer.sources)}", *quotes.get(e.id, [])] for e in answer.nearest]
    while size(message := "\n".join([*head, NOT_COVERED, NEAR, *chain(*listed), *noted])) > MOST and listed:
        quoted = [lines for lines in listed if len(lines) > 1]
        (quoted[-1] if quoted else listed).pop()  # quotes give way before entries
    return message


def _said_near(citation: Citation, sources: Mapping[str, Source]) -> str:
    """A quote under its entry, with whose words it is."""
    sentence = sentence_of(citation, sources)
    words = escape(plain(sentence.text.removeprefix(sentence.lead)))
    return f"> {escape_within(sentence.lead, LONGEST_LEAD)} {words}"


def evidence_messages(found: Sequence[tuple[int, Context | str]]) -> list[str]:
    """Each quote in its paragraph, with a link that scrolls to it; a text in place of it says why there is none."""
    messages: list[str] = []
    described: int | None = None  # the number of the entry that was described last
    for number, context in found:
        block = _evidence(number, context, known=number == described)
        described = None if isinstance(context, str) else number
        if messages and size(f"{messages[-1]}\n{block}") <= MOST:
            messages[-1] += f"\n{block}"
        else:
            messages.append(block)
    return messages


def _evidence(number: int, context: Context | str, *, known: bool) -> str:
    """One quote; `known`: the one before is of the same entry, which need not be described again."""
    if isinstance(context, str):
        return f"**[{number}]** {escape(context)}"
    entry = context.entry
    whose = "our summary, not the author's words" if entry.wording == "summary" else "the author's words"
    head = f"**[{number}]** {entry_line(entry, {entry.source: context.source})} · {whose}"
    where = (
        link_to_quote("Open the piece", entry.url, "")
        if entry.wording == "summary"
        else link_to_quote("Open at the quote", entry.url, context.quote)
    )
    if known:
        head = f"**[{number}]** the same piece"
        where = None if entry.wording == "summary" else where
    if section := escape_within(context.section, LONGEST_SECTION):
        head += f" · under “{section}”"
    tail = f"\n{where}" if where else ""
    around = 500
    while True:
        before, after = _tail_of(plain(context.before), around), shorten(plain(context.after), around)
        quoted = " ".join(part for part in (escape(before), f"**{escape(context.quote)}**", escape(after)) if part)
        block = f"{head}\n> {quoted}{tail}"
        if size(block) <= MOST or not around:
            break
        around = around // 2 if around > 20 else 0  # noqa: PLR2004  less than three words say nothing
    if size(block) > MOST:  # a quote of nothing but signs: each has a backslash
        room = MOST - size(f"{head}\n> ****{tail}")
        block = f"{head}\n> **{escape_within(context.quote, room)}**{tail}"
    return block


def _tail_of(text: str, most: int) -> str:
    """The end of a text, begun between two words."""
    if len(text) <= most:
        return text
    return "… " + text[-most:].split(" ", 1)[-1] if most else ""
