"""Answers, pages and the status → text for a terminal. Pure: what comes back is styled text, and nothing is printed.

All text of entries comes from outside: control characters, which could steer a terminal, are taken out here.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from bot.cli.views.blocks import Block, counted, indented, spaced
from bot.highlights import quotes_of, split_highlights
from bot.shared import CLOSEST, EXAMPLES, LONGEST_SECTION, NEAR, NOT_COVERED, NOT_SEARCHED, NOTHING_NEAR, TIERS
from bot.text import plain, shorten
from corpus import (
    Answer,
    Citation,
    Entry,
    Filters,
    Hit,
    Page,
    Related,
    Sentence,
    Source,
    Status,
    sentence_of,
    written_day,
    written_filters,
)

LONG = 4000  # characters of a text whose sections are worth naming


def answer_blocks(answer: Answer, asked: str | None = None, *, related: bool = False) -> list[Block]:
    """An answer, with the ids of its sources. `related`: whether what else to read is listed, or counted alone.

    `asked`: of a conversation, the question as it was written, cleaned; it may be understood as more.
    """
    above = understood_blocks(answer, asked)
    if answer.outcome in {"listed", "talk"}:
        return [*above, *listing_blocks(answer)]
    if answer.covered and answer.listing:  # of a piece as a whole
        above += [Text(plain(answer.listing.line)), Text()]
    if answer.outcome == "not_covered":
        return [*above, *not_covered_blocks(answer)]
    above += [Text(CLOSEST, style="bold"), Text()] if answer.outcome == "closest" else []
    sentences = [sentence_text(sentence, quotes_of(answer, sentence)) for sentence in answer.sentences]
    cited = {c.number: c.entry for c in answer.citations}
    listed: list[Block] = []
    for number, entry in sorted(cited.items()):
        title, entry_id = (plain(entry.title), "bold"), (plain(entry.id), "cyan")
        listed.append(Text.assemble((f"[{number}] ", "bold cyan"), title, "  ", entry_id))
        listed.append(indented(Text(facts(entry, answer.sources), style="dim"), 4))
        if under := sections_in_words(c for c in answer.citations if c.number == number):
            listed.append(indented(Text(under, style="dim"), 4))
        if entry.url:
            listed.append(indented(Text(plain(entry.url), style="blue"), 4))
    return [
        *above,
        *spaced(sentences),
        Text(),
        Text("Sources", style="bold underline"),
        *listed,
        *(related_blocks(answer.related) if related else related_counted(answer.related)),
    ]


def listing_blocks(answer: Answer) -> list[Block]:
    """What is said without a quote: a line, and below it entries with their links, or names with counts."""
    listing = answer.listing
    if listing is None:
        return []
    blocks: list[Block] = [Text(plain(listing.line))]
    for entry in listing.entries:
        blocks += [Text(), indented(Text.assemble((plain(entry.title), "bold"), "  ", (plain(entry.id), "cyan")), 2)]
        blocks.append(indented(Text(facts(entry, answer.sources), style="dim"), 4))
        blocks += [indented(Text(plain(entry.url), style="blue"), 4)] if entry.url else []
    blocks += [indented(Text(f"{plain(name)}: {count:,}"), 2) for name, count in listing.counts]
    left = listing.total - len(listing.entries) - len(listing.counts)
    if left > 0:
        command = f": footnote entries{entry_options(listing.filters)}" if listing.filters is not None else "."
        are_shown = listing.entries or listing.counts
        blocks += [Text(), Text(f"{f'{left:,} more' if are_shown else 'To see them'}{command}", style="dim")]
    blocks += [Text(), Text(EXAMPLES)] if listing.examples else []
    return blocks + [indented(Text(plain(example), style="italic"), 2) for example in listing.examples]


def entry_options(filters: Filters) -> str:
    """Return filters as the options of `footnote entries`."""
    return "".join(f" --{name} {shlex.quote(plain(value))}" for name, value in written_filters(filters).items())


def sentence_text(sentence: Sentence, quotes: Sequence[Citation]) -> Text:
    """A sentence with its numbers; what answers in a quote stands out from its paragraph."""
    text = Text(plain(sentence.lead) + " " * bool(sentence.lead))
    for words, is_bold in split_highlights(sentence, quotes):
        blanks = [" " * words[edge].isspace() for edge in (0, -1)]
        text.append(blanks[0] + plain(words) + blanks[1], "bold" if is_bold else "")
    return text.append(" ").append(" ".join(f"[{n}]" for n in sentence.citations), "bold cyan")


def not_covered_blocks(answer: Answer) -> list[Block]:
    """That it is not covered, and the nearest entries with what they say."""
    if not answer.nearest:
        sentence = NOTHING_NEAR if answer.passing else f"{NOT_COVERED} No entry passes the filters."
        sentence = sentence if answer.searched else NOT_SEARCHED
        return [Text(sentence, style="bold")]
    near = {c.entry.id: c for c in answer.near}
    blocks: list[Block] = [Text(NOT_COVERED, style="bold"), Text(), Text(NEAR, style="bold underline")]
    for entry in answer.nearest:
        blocks.append(indented(Text.assemble((plain(entry.title), "bold"), "  ", (plain(entry.id), "cyan")), 2))
        blocks.append(indented(Text(facts(entry, answer.sources), style="dim"), 4))
        if citation := near.get(entry.id):
            if under := sections_in_words([citation]):
                blocks.append(indented(Text(under, style="dim"), 4))
            blocks.append(indented(Text(plain(sentence_of(citation, answer.sources).text)), 4))
    return blocks


def understood_blocks(answer: Answer, asked: str | None) -> list[Block]:
    """What was understood of the question, and what is to be known of the answer."""
    lines = [f"Understood as: {answer.question}"] if asked and asked != answer.question else []
    lines += [f"Understood: {answer.understood}"] if answer.understood else []
    above: list[Block] = [Text(plain(line), style="dim") for line in (*lines, *answer.notes)]
    return [*above, Text()] if above else []


def sections_in_words(citations: Iterable[Citation]) -> str:
    """Where in a long piece its quotes stand: under “What comes next”, “Costs”."""
    titles = (plain(shorten(c.section, LONGEST_SECTION)) for c in citations if len(c.entry.text) >= LONG)
    named = ", ".join(f"“{title}”" for title in dict.fromkeys(titles) if title)
    return f"under {named}" if named else ""


def facts(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Who, where, when, and what kind of piece, in one line."""
    source = sources.get(entry.source)
    people = ", ".join(plain(p.name) + ("" if p.role == "author" else f" ({p.role})") for p in entry.people)
    kind = "guide, " if entry.kind == "guide" else ""
    parts = [
        people,
        plain(source.name if source else entry.source),
        written_day(entry.published),
        kind + TIERS[entry.tier],
    ]
    if entry.access == "teaser":
        parts.append("teaser only")
    return " · ".join(part for part in parts if part)


def entry_table(entries: Iterable[Entry]) -> Table:
    """A row an entry: day, title, id; a long title wraps under itself."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    table.add_column(no_wrap=True, style="cyan")
    for entry in entries:
        table.add_row(entry.published.isoformat(), Text(plain(entry.title)), Text(plain(entry.id)))
    return table


def page_blocks(page: Page, sources: Mapping[str, Source]) -> list[Block]:
    """An entry as a page: what it is, its summary, its text, what is related."""
    entry = page.entry
    whose = "Summary in our words, not the author's" if entry.wording == "summary" else "In the author's words"
    blocks: list[Block] = [Text(plain(entry.title), style="bold"), Text(facts(entry, sources), style="dim")]
    if entry.url:
        blocks.append(Text(plain(entry.url), style="blue"))
    blocks += [Text(plain(line), style="dim") for line in publication_lines(page)]
    if entry.summary.strip():
        blocks += [Text(), Text(plain(entry.summary), style="italic")]
    blocks += [Text(), Text(f"{whose}:", style="dim")]
    paragraphs = [paragraph_text(part) for part in entry.text.split("\n\n")]
    blocks += spaced([Text(part) for part in paragraphs if part])
    return [*blocks, *related_blocks(page.related)]


def paragraph_text(part: str) -> str:
    """A paragraph as one line for the terminal to wrap; a list, a table or code in the lines that it has."""
    lines = part.strip("\n").split("\n")
    if not any(line.startswith(("- ", "  ", "\t")) or " | " in line for line in lines):
        return plain(part)
    indents = (" " * (len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())) for line in lines)
    return "\n".join(f"{indent[:40]}{plain(line)}" for indent, line in zip(indents, lines, strict=True))


def publication_lines(page: Page) -> Iterator[str]:
    """What its publisher says of its language and its use, and where else it was published."""
    if page.entry.language:
        yield f"Language: {page.entry.language}"
    if page.entry.licence:
        yield f"Licence: {page.entry.licence}"
    for copy in page.copies:
        source = page.sources.get(copy.source)
        parts = [copy.title, source.name if source else copy.source, written_day(copy.published), copy.url or copy.id]
        yield f"Also published as: {' · '.join(parts)}"


def hit_blocks(hits: Sequence[Hit]) -> list[Block]:
    """The passages found, best first."""
    blocks: list[Block] = []
    for rank, hit in enumerate(hits, start=1):
        place = f"{plain(hit.entry.id)} [{hit.start}:{hit.end}]"
        blocks.append(Text.assemble((f"{rank}. ", "bold"), (place, "cyan"), f"  score {hit.score:.3f}"))
        blocks.append(indented(Text(plain(hit.text)), 3))
    return blocks or [Text("Nothing was found.")]


def status_blocks(status: Status) -> list[Block]:
    """What the corpus holds, a line each, and notes on what is not well."""
    kept = ", ".join(map(str, status.generations)) or "none"
    rows = {
        "entries": f"{status.entries} ({status.events} events, {status.guides} guides)",
        "sources": ", ".join(status.sources) or "none",
        "newest": written_day(status.newest) if status.newest else "none",
        "generation": f"{status.generation or 'none'} (kept: {kept})",
        "passages": f"{status.passages:,}",
        "model": status.model,
        "data folder": f"{status.data_dir} ({status.bytes / 1_000_000:.1f} MB)",
    }
    blocks: list[Block] = [Text.assemble((f"{name:<12} ", "bold"), plain(value)) for name, value in rows.items()]
    return blocks + [Text(note, style="yellow") for note in status.notes]


def related_counted(related: Related) -> list[Block]:
    """A line that says how much else there is to read, and how to see it; nothing where there is none."""
    lists = (("guide", related.guides), ("event", related.events))
    counts = " and ".join(counted(len(entries), name, f"{name}s") for name, entries in lists if entries)
    line = f"--related lists what is related: {counts}. `footnote entry ID` shows one."
    return [Text(), Text(line, style="dim")] if counts else []


def related_blocks(related: Related) -> list[Block]:
    """A table of the guides and one of the events, below their headings; nothing where there are none."""
    blocks: list[Block] = []
    for name, entries in (("guides", related.guides), ("events", related.events)):
        if entries:
            heading = Text(f"Related {name} ({len(entries)})", style="bold underline")
            blocks += [Text(), heading, indented(entry_table(entries))]
    return blocks
