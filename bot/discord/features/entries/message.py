"""Entries, lists of them, what was said on a topic → the text of Discord messages. Pure."""

from collections.abc import Mapping, Sequence

from bot.discord.markdown import MOST, escape_within, link
from bot.discord.messages.entry_lines import day, entry_facts, entry_line, short_line
from bot.discord.messages.fitting import fitting
from bot.text import plain, shorten, size
from corpus import Answer, Entry, Page, Source

PER_PAGE = 8
MOST_COPIES = 3  # named on a page
NOTHING = "No entry passes these filters. Leave one of them out."


def entry_page(page: Page) -> str:
    """An entry as a page: what it is, its summary, where else it was published, and what is related."""
    entry = page.entry
    head = [f"### {link(entry.title, entry.url)}", entry_facts(entry, {entry.source: page.source})]
    summary = plain(entry.summary)
    whose = "-# A summary in our words, not the author's." if entry.wording == "summary" else ""
    words = summary or shorten(plain(entry.text), 600)
    lines = [*head, f"> {escape_within(words, 800)}"]
    if summary and whose:
        lines.append(whose)
    also = [f"-# Also published as: {short_line(copy, page.sources)}" for copy in page.copies[:MOST_COPIES]]
    lines += [line for count, line in enumerate(also, 1) if size("\n".join([*lines, *also[:count]])) <= MOST]
    for name, entries in (("guides", page.related.guides), ("events", page.related.events)):
        if not entries:
            continue
        lines.append(f"**Related {name} ({len(entries)})**")
        for related in entries:
            line = f"- {link(related.title, related.url)} · {day(related.published, 'd')}"
            if size("\n".join([*lines, line])) > MOST:
                break
            lines.append(line)
    return "\n".join(lines)


def listing(
    title: str, entries: Sequence[Entry], sources: Mapping[str, Source], page: int, pages: int, total: int
) -> str:
    """One page of entries. `page` counts from 1."""
    if not entries:
        return NOTHING
    of = f"page {page} of {pages} · " if pages > 1 else ""
    head = [f"**{title}**", f"-# {of}{total} {'entry' if total == 1 else 'entries'}"]
    return fitting([*head, *(f"- {entry_line(entry, sources)}" for entry in entries)])


def timeline_message(topic: str, found: Answer) -> str:
    """What was said on a topic, oldest first, each line with its source; the oldest give way where there is no room."""
    head = [f"**{escape_within(topic, 160)}**, in order of date"]
    blocks = []
    for sentence, citation in zip(found.sentences, found.citations, strict=True):
        entry, words = citation.entry, escape_within(sentence.text.removeprefix(sentence.lead), 600)
        facts = entry_facts(entry, found.sources, dated=False)
        title = link(entry.title, entry.url)
        # Who speaks in another voice than the entry's is nobody of the facts beside its title.
        voice = f"{escape_within(sentence.lead, 200)} " if citation.speaker is not None else ""
        blocks.append(f"{day(entry.published)} **[{citation.number}]** {title} · {facts}\n> {voice}{words}")
    left_out = 0
    while True:
        more = [f"-# {left_out} older left out; confine it with since or until."] if left_out else []
        message = "\n".join([*head, *more, *blocks[left_out:]])
        if size(message) <= MOST or left_out == len(blocks) - 1:
            return message
        left_out += 1
