"""What is answered without a quote → the text of a Discord message: small talk, and lists from the record. Pure."""

from collections.abc import Iterable

from bot.discord.features.questions.message import LONGEST_LINE, QUESTION, Heading, head_lines
from bot.discord.markdown import MOST, escape, escape_within
from bot.discord.messages.entry_lines import entry_line, short_line
from bot.shared import EXAMPLES
from bot.text import plain, size
from corpus import Answer, written_filters

NAMED = frozenset({"person", "source"})  # what of the filters comes from outside
LONGEST_NAME, LONGEST_VALUE = 100, 60


def listing_message(answer: Answer, heading: Heading) -> str:
    """Return small talk or a list as one message: entries in short lines, and then fewer, where not all have room."""
    listing = answer.listing
    if listing is None:
        return ""
    line = escape_within(listing.line, LONGEST_LINE)
    head = [line] if answer.outcome == "talk" else head_lines(answer, heading, QUESTION)
    rows = [f"- {escape_within(name, LONGEST_NAME)}: {count:,}" for name, count in listing.counts]
    examples = [EXAMPLES, *(f"- {escape(plain(example))}" for example in listing.examples)] if listing.examples else []
    for line_of in (entry_line, short_line):
        entries = [f"- {line_of(entry, answer.sources)}" for entry in listing.entries]
        lines = [*head, *entries, *rows, *rest_line(answer, len(entries) + len(rows)), *examples]
        if size("\n".join(lines)) <= MOST:
            return "\n".join(lines)
    while entries:
        entries.pop()
        lines = [*head, *entries, *rows, *rest_line(answer, len(entries) + len(rows)), *examples]
        if size("\n".join(lines)) <= MOST:
            break
    return "\n".join(lines)


def rest_line(answer: Answer, shown: int) -> Iterable[str]:
    """Yield how many more there are, and the command that shows them."""
    listing = answer.listing
    if listing is None or listing.total <= shown:
        return
    given = written_filters(listing.filters).items() if listing.filters else ()
    options = "".join(f" {n}:{escape_within(v, LONGEST_VALUE) if n in NAMED else v}" for n, v in given)
    left = f"{listing.total - shown:,} more" if shown else "To see them"
    yield f"-# {left}" + (f": /browse{options}" if listing.filters is not None else "")
