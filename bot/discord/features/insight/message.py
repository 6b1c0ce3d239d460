"""What moderators look at: the state of the corpus, gaps, their log, the stages behind an answer → messages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.discord.jobs.card import LONGEST_NOTE, without_folders
from bot.discord.jobs.process import Job
from bot.discord.markdown import MOST, escape, escape_within
from bot.discord.messages.entry_lines import stamp
from bot.discord.messages.fitting import fitting, packed
from bot.discord.messages.question_lines import filters_in_words
from bot.discord.store.models import Gap, LogLine, Votes
from bot.source_health import is_failing, share_in_words
from bot.text import plain, shorten, size
from corpus import ExplainedHit, Explanation, Run, SourceHealth, Status

GAPS_PER_PAGE = 10
NO_GAPS = "Nothing was asked that the corpus does not cover, or all of it is closed."
NO_SOURCES = "No source is followed. The maintainer can follow one: footnote sources add."
NO_LOG = "No moderator has changed anything yet."
MOST_SENTENCES = 25
MOST_MESSAGES = 5
HEAD_AT_MOST = 100  # characters above a list of sources
SHORT = 160  # characters of a sentence or a question in a list
FOUND_BY = {"meaning": "by meaning", "words": "by words", "both": "by meaning and words"}


@dataclass(frozen=True, slots=True)
class State:
    """What `/corpus status` shows. `failing`: the names of sources that cannot be read.

    `refusal`: why this server's moderators may not change the corpus; None where they may.
    """

    status: Status
    last: Run | None
    votes: Votes
    gaps: int
    job: Job | None
    refusal: str | None
    failing: tuple[str, ...] = ()


def status_message(state: State) -> str:
    status = state.status
    newest = f", the newest of {status.newest.isoformat()}" if status.newest else ""
    generation = "none yet" if status.generation is None else str(status.generation)
    keeps = state.refusal is None
    lines = [
        "**The corpus**",
        f"{status.entries} entries ({status.events} events, {status.guides} guides){newest}",
        f"Sources: {escape(shorten(', '.join(status.sources), 600)) or 'none'}",
        f"Generation {generation} · {status.passages} passages · {status.bytes / 1_000_000:.1f} MB",
        f"Last change: {run_in_words(state.last, names=keeps)}" if state.last else "Nothing has changed it yet.",
    ]
    if status.behind:
        lines.append(f"{status.behind} of its entries are not shown yet: /corpus refresh brings the index up.")
    if status.outdated:
        lines.append("Its index is of another version or model: it answers, and a new one is made beside it.")
    if state.failing:
        names = escape_within(", ".join(state.failing), 300)
        lines.append(f"⚠️ Cannot be read: {names} (/corpus sources)")
    if status.notes:
        lines.append(f"-# Notes for the maintainer: {len(status.notes)}, under footnote status.")
    lines.append("**Here**")
    lines.append(f"👍 {state.votes.up} · 👎 {state.votes.down} · uncovered questions: {state.gaps} (/corpus gaps)")
    # Who did what in another server is shown in that server alone.
    lines.append(job_in_words(state.job) if state.job is None or keeps else "Work is going on.")
    if state.refusal:
        lines.append(f"-# {state.refusal}")
    return "\n".join(lines)


def run_in_words(run: Run, *, names: bool) -> str:
    numbers = {"new": run.new, "changed": run.changed, "removed": run.removed, "rejected": run.rejected}
    counts = ", ".join(f"{count} {name}" for name, count in numbers.items() if count) or "nothing new"
    by = f" by {escape(shorten(run.by, 60))}" if run.by and names else ""
    return f"{run.action}{by} {stamp(run.finished)} ({counts})"


def job_in_words(job: Job | None) -> str:
    if job is None:
        return "No work is going on."
    progress = job.progress
    where = f", {progress.done} of {progress.total}" if progress and progress.total > 1 else ""
    return f"At work: {escape(shorten(job.what, 150))}, started by {escape(job.by)}{where}"


def sources_messages(sources: Sequence[SourceHealth], shares: Mapping[str, float]) -> list[str]:
    """Return how each source does, in as many pages as it takes; those that fail come first."""
    if not sources:
        return [NO_SOURCES]
    failing = sum(is_failing(health.state) for health in sources)
    total = f"{len(sources)} {'source' if len(sources) == 1 else 'sources'}" + (
        f" · {failing} failing" if failing else ""
    )
    pages: list[list[str]] = [[]]
    for health in sorted(sources, key=lambda health: not is_failing(health.state)):
        block = source_block(health, shares)
        if size("\n".join([*pages[-1], block])) > MOST - HEAD_AT_MOST:
            pages.append([])
        pages[-1].append(block)
    of = [f"page {page} of {len(pages)} · " if len(pages) > 1 else "" for page in range(1, len(pages) + 1)]
    return ["\n".join(["**Sources**", f"-# {of}{total}", *blocks]) for of, blocks in zip(of, pages, strict=True)]


def source_block(health: SourceHealth, shares: Mapping[str, float]) -> str:
    """What one source is, what is wrong with it, and what the corpus has of it: in a few short lines."""
    state, fails = health.state, is_failing(health.state)
    well = state.standing == "followed" and not fails
    read = f"{'read' if well else 'last read'} {stamp(state.succeeded)}" if state.succeeded else "not read yet"
    standing = "⚠️ failing" if fails else "" if well else state.standing
    lines = [f"**{escape_within(health.source.name, 80)}** · " + " · ".join(part for part in (standing, read) if part)]
    if state.failure and (fails or state.standing == "closed"):
        lines.append(escape_within(without_folders(state.failure), 300))
    if state.moved_to:
        lines.append(f"has moved to {escape_within(state.moved_to, 150)}")
    cited = f" · {share_in_words(shares, health.source.slug)} of citations" if shares else ""
    return "\n".join([*lines, f"-# {holdings_in_words(health)}{cited}"])


def holdings_in_words(health: SourceHealth) -> str:
    """How much the corpus has of a source."""
    parts = {"teaser": health.teasers, "cross-post": health.duplicates}
    among = ", ".join(f"{count:,} {name}{'s' * (count > 1)}" for name, count in parts.items() if count)
    newest = f", newest {health.newest.isoformat()}" if health.newest else ""
    entries = f"{health.entries:,} {'entry' if health.entries == 1 else 'entries'}"
    return f"{entries}{f' ({among})' if among else ''}{newest}"


def gaps_message(gaps: Sequence[Gap], page: int, pages: int, total: int) -> str:
    if not gaps:
        return NO_GAPS
    of = f"page {page} of {pages} · " if pages > 1 else ""
    lines = ["**Not covered**, most asked first", f"-# {of}{total} {'question' if total == 1 else 'questions'}"]
    for gap in gaps:
        times = "once" if gap.times == 1 else f"{gap.times} times"
        lines.append(f"- {escape(shorten(plain(gap.question), SHORT))} · {times}, last {stamp(gap.last)}")
    return fitting(lines)


def log_message(lines: Sequence[LogLine]) -> str:
    if not lines:
        return NO_LOG
    shown = [
        f"<t:{int(line.at.timestamp())}:f> **{escape(line.name)}** {escape(shorten(line.what, LONGEST_NOTE))}"
        for line in lines
    ]
    return fitting(["**What moderators did**, the last first", *shown])


# Why this answer


def explanation_messages(found: Explanation, generation: int) -> list[str]:
    """The stages behind an answer that was made of `generation`, as they are now: a few messages, in order."""
    lines = heading_lines(found, generation)
    if found.kind.is_content or found.hits:
        lines += [*passage_lines(found.hits), *sentence_lines(found)]
    return packed(lines)[:MOST_MESSAGES]


def heading_lines(found: Explanation, generation: int) -> list[str]:
    """The question as it was understood, and how sure it is answered."""
    lines = [f"**Why this answer?** {escape(shorten(found.question, 300))}"]
    if found.generation != generation:
        lines.append(
            f"-# The answer was made of generation {generation}; the corpus is at {found.generation} now, and this is "
            "how it would answer now."
        )
    lines.append(f"Kind of question: {found.kind.replace('_', ' ')}")
    if not found.kind.is_content and not found.hits:
        return [*lines, "It was answered without a search."]
    confined = filters_in_words(found.filters)
    lines.append(f"Searched: {found.passing} entries" + (f" (only: {confined})" if confined else ""))
    words = ", ".join(f"{escape(term.word)} {term.rarity:.1f}" for term in found.terms[:40])
    lines.append(f"Words, and how rare each is in the corpus: {words or 'none'}")
    verdict = "enough to answer" if found.covered else "not enough to answer"
    compared = "≥" if found.confidence >= found.threshold else "<"
    lines.append(
        f"Confidence **{found.confidence:.2f}** {compared} {found.threshold:.2f}: {verdict} (nearest sentence "
        f"{found.nearness:.2f}, share of the words in one passage {found.share:.2f})"
    )
    return lines


def passage_lines(hits: Sequence[ExplainedHit]) -> list[str]:
    if not hits:
        return ["No passage was found."]
    lines = ["**Passages found**, best first"]
    for rank, hit in enumerate(hits, start=1):
        lines.append(
            f"{rank}\\. {escape(shorten(hit.title, 90))} ({escape(hit.entry_id)}, {hit.start}–{hit.end}) · score "
            f"{hit.score:.2f}, similarity {hit.similarity:.2f}, {FOUND_BY[hit.found_by]}"
        )
    return lines


def sentence_lines(found: Explanation) -> list[str]:
    if not found.sentences:
        return ["No sentence was considered." if found.covered else "So no sentence was considered."]
    lines = [f"**Sentences considered** (worth at least {found.bar:.2f} to be quoted)"]
    ordered = sorted(found.sentences, key=lambda s: (s.outcome != "quoted", -s.worth))
    for sentence in ordered[:MOST_SENTENCES]:
        words = escape(shorten(plain(sentence.text), SHORT))
        about = f"**{escape(sentence.outcome)}** · worth {sentence.worth:.2f} · {escape(sentence.entry_id)}"
        lines.append(f"- {about}: {words}")
    if len(ordered) > MOST_SENTENCES:
        lines.append(f"-# and {len(ordered) - MOST_SENTENCES} more of less worth")
    return lines
