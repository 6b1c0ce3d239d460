"""Entries and lists of them, help, privacy → the text of Discord messages. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.kept import ANSWERS_KEPT, GAPS_KEPT, LOG_KEPT, PENDING_KEPT, THREADS_KEPT, VOTES_KEPT
from bot.render import LONGEST_SOURCE, MOST, day, entry_facts, entry_line
from bot.safe import escape_within, link, plain, shorten, size
from corpus import Answer, Entry, Page, Source, Title

PER_PAGE = 8
MOST_COPIES = 3  # named on a page
NAMED = ("ask", "browse", "latest", "entry", "timeline", "privacy", "forget-me")
HELP = """\
**Footnote** answers from a corpus of commentary, in quotes with their source. It never says that something is so: \
it says who said it, where and when. Where the corpus is silent, it says that.
{holds}
- {ask} a question; or mention me, reply to me with the ping on, or write to me directly
- {browse}, {latest}, {entry}: what is there
- {timeline}: what was said on a topic, by date
- Right-click a message → Apps → **Find Sources**: what the corpus says on it, for you alone first
- Under an answer: 🔎 the quotes in their paragraphs, 📚 what is related, 👍 👎, 💬 a further question, 🗑️ for who \
asked and for moderators
- {privacy}: what is stored; {forget_me}: deletes it"""
PRIVACY = f"""\
**What this bot stores, and for how long**
- Of an answer, {ANSWERS_KEPT.days} days: when and where, which quotes it showed, and a keyed hash of who asked (so \
that you can delete it). Not the question: that stands in the message alone, and goes with it.
- Of a question that the corpus did not cover, until {GAPS_KEPT.days} days after it was last asked, also of private \
ones and direct messages: the question, so that moderators see what is missing, and the keyed hash. They see no name.
- Of a 👍 or 👎, {VOTES_KEPT.days} days: your reason if you gave one, the keyed hash, and the question as long as its \
answer is kept.
- Of a thread on an answer, {THREADS_KEPT.days} days: which number stands for which entry.
- Of moderators, {LOG_KEPT.days} days: what they do to the corpus and the settings, with name and id. What they want \
to add waits {PENDING_KEPT.days} day for its Apply. The corpus's own history keeps who started a change, by name, for \
good.
- Of a server, until the bot leaves it: its settings, and which entries were announced. Of a job, until its end (at \
most {ANSWERS_KEPT.days} days): where its message stands.
No other text of a message is kept, none is passed on, and no language model reads it. Where the bot itself fails, its \
log leaves out your words.
**/forget-me** deletes at once: your votes, uncovered questions, what waits for its Apply, your hash in answers and \
your question in others' votes. In the moderators' log "a former moderator" stands for you; what was done stays. To \
have an answer removed, press 🗑️ under it, or ask a moderator; for backups and the corpus's history, its maintainer."""
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
    also = [f"-# Also published as: {_elsewhere(copy, page.sources)}" for copy in page.copies[:MOST_COPIES]]
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


def _elsewhere(copy: Entry, sources: Mapping[str, Source]) -> str:
    source = sources.get(copy.source)
    name = escape_within(source.name if source else copy.source, LONGEST_SOURCE)
    return f"{link(copy.title, copy.url)} · {name} · {day(copy.published)}"


def listing(
    title: str, entries: Sequence[Entry], sources: Mapping[str, Source], page: int, pages: int, total: int
) -> str:
    """One page of entries. `page` counts from 1."""
    if not entries:
        return NOTHING
    of = f"page {page} of {pages} · " if pages > 1 else ""
    lines = [f"**{title}**", f"-# {of}{total} {'entry' if total == 1 else 'entries'}"]
    for entry in entries:
        line = f"- {entry_line(entry, sources)}"
        if size("\n".join([*lines, line])) > MOST:
            break
        lines.append(line)
    return "\n".join(lines)


def timeline_message(topic: str, found: Answer) -> str:
    """What was said on a topic, oldest first, each line with its source; the oldest give way where there is no room."""
    head = [f"**{escape_within(topic, 160)}**, in order of date"]
    blocks = []
    for sentence, citation in zip(found.sentences, found.citations, strict=True):
        entry, words = citation.entry, escape_within(sentence.text.removeprefix(sentence.lead), 600)
        facts = entry_facts(entry, found.sources, dated=False)
        title = link(entry.title, entry.url)
        blocks.append(f"{day(entry.published)} **[{citation.number}]** {title} · {facts}\n> {words}")
    left_out = 0
    while True:
        more = [f"-# {left_out} older left out; confine it with since or until."] if left_out else []
        message = "\n".join([*head, *more, *blocks[left_out:]])
        if size(message) <= MOST or left_out == len(blocks) - 1:
            return message
        left_out += 1


def help_message(titles: Sequence[Title], commands: Mapping[str, int]) -> str:
    """What the bot is and does; commands as mentions that can be pressed."""
    guides = sum(title.kind == "guide" for title in titles)
    newest = f", the newest of {titles[0].published.isoformat()}" if titles else ""
    holds = f"The corpus holds {len(titles)} entries ({len(titles) - guides} events, {guides} guides){newest}."
    return HELP.format(holds=holds, **{name.replace("-", "_"): _command(name, commands) for name in NAMED})


def _command(name: str, commands: Mapping[str, int]) -> str:
    return f"</{name}:{commands[name]}>" if name in commands else f"/{name}"


def stamp(moment: datetime) -> str:
    """A moment in the reader's own zone and language, relative to now."""
    return f"<t:{int(moment.astimezone(UTC).timestamp())}:R>"


def announcement(entries: Sequence[Entry], sources: Mapping[str, Source], more: int) -> str:
    """What is new in the corpus; `more`: how many entries it does not name."""
    lines = ["**New in the corpus**"]
    for entry in entries:
        line = f"- {entry_line(entry, sources)}"
        if size("\n".join([*lines, line])) > MOST:
            more += 1
            continue
        lines.append(line)
    return "\n".join([*lines, f"-# and {more} more: /latest"] if more else lines)
