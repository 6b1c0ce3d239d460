"""A question goes through one generation of the index: hear, embed, search, coverage, select, compose, related.

`ask` and `timeline` are the same way with another choice of sentences at its end.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple, replace
from datetime import date
from time import perf_counter
from typing import NamedTuple

from corpus.answer.compose import compose
from corpus.answer.coverage import Coverage, weigh
from corpus.answer.heard import Heard, hear, only_heard, widened
from corpus.answer.names import first_of_each, known_names
from corpus.answer.question import completed, follow_up, follows_the_answer, resolve_source
from corpus.answer.related import NEAREST, direction, related_numbers
from corpus.answer.search import search
from corpus.answer.select import PASSAGES, Choice, best_of_each, choose
from corpus.answer.telling import NEWEST_LISTED, age, in_words, no_entry
from corpus.answer.voices import by_voice, newer_first, one_voice, silent
from corpus.archive import name_matches
from corpus.errors import FilterRefused
from corpus.explain import Asked
from corpus.index.embed import Embedder, Vector
from corpus.index.generation import Generation, recipe_of
from corpus.models import Answer, Citation, Entry, Filters, Hit, Related, Source, Timings

NO_FILTERS = Filters()
MOST_PEOPLE = 6  # are named in a question that takes up an answer
LINES = 8  # entries of a timeline
LINES_PASSAGES = 60  # whose sentences are candidates for it

Choosing = Callable[[Generation, Sequence[Hit], Sequence[str]], tuple[Coverage, Choice]]


class Passing(NamedTuple):
    """A generation's sources, and the numbers of the entries that pass the filters (None: all of them)."""

    sources: dict[str, Source]
    allowed: list[int] | None


def ask(now: Generation, embedder: Embedder, question: str, given: Filters, today: date) -> Asked:
    """The answer to a cleaned question, in quotes from the best passages of those whom, and whose days, it asks for."""
    return _answered(now, embedder, question, _heard(now, question, today), given, today)


def converse(
    now: Generation, embedder: Embedder, question: str, earlier: Sequence[str], given: Filters, today: date
) -> Asked:
    """The answer to a question in a conversation, completed by what was asked before where it follows that.

    A follow-up that names a subject of its own ("and what about security?") is about that subject: where the completed
    question is answered without a word of it, and the follow-up alone with one, the follow-up alone counts. One that
    takes up the answer before ("since then?", "who disagrees?") is completed by that answer.
    """
    whole = follow_up(question, earlier)
    if whole == question:
        return ask(now, embedder, question, given, today)
    if follows_the_answer(question):
        before = whole.removesuffix(question).rstrip()
        answered = ask(now, embedder, before, given, today).answer.citations
        if answered:
            question = completed(question, max(c.entry.published for c in answered), _quoted_people(answered))
            whole = f"{before} {question}"
    heard = _heard(now, whole, today)
    asked = _answered(now, embedder, whole, heard, given, today)
    own = set(now.words(heard.last)) - set(now.words(" ".join(earlier)))
    if not own or _speaks_of(now, asked.answer, own):
        return asked
    alone = _answered(now, embedder, question, replace(heard, topic=heard.last), given, today)
    return alone if _speaks_of(now, alone.answer, own) else asked


def _heard(now: Generation, question: str, today: date) -> Heard:
    return hear(question, today, known_names(*now.names))


def _quoted_people(citations: Sequence[Citation]) -> list[str]:
    """Whose words were quoted; nobody where they are too many to be named."""
    people = first_of_each(name for citation in citations for name in citation.entry.voice)
    return people if len(people) <= MOST_PEOPLE else []


def _speaks_of(now: Generation, answer: Answer, words: set[str]) -> bool:
    """Whether a quote of the answer, or the title above it, has one of these terms."""
    return any(words & set(now.words(f"{c.entry.title}\n{c.quote}")) for c in answer.citations)


def _answered(now: Generation, embedder: Embedder, question: str, heard: Heard, given: Filters, today: date) -> Asked:
    """The answer under what was heard; where that leaves nothing, without its days, and then without all of it.

    What was heard stays where without it nothing is answered either.
    """
    sources = now.entries.sources()
    choosing = _no_sentences if heard.is_bare else _newest_sentences if heard.newest else _best_sentences
    tried: list[Asked] = []
    for filters in widened(given, heard.filters):
        topic = question if tried and filters == given else heard.topic
        tried.append(_asked(now, embedder, topic, filters, PASSAGES, choosing))
        if tried[-1].answer.covered or (heard.is_bare and tried[-1].passing):
            break
    first, asked = tried[0], tried[-1]
    if not asked.answer.covered and first.passing:
        asked = first
    notes = [
        no_entry(first.filters, asked.filters, sources, there=first.passing > 0) if asked is not first else "",
        NEWEST_LISTED if heard.is_bare else "",
        age((c.entry.published for c in asked.answer.citations), today, asked.filters.until),
    ]
    answer = replace(
        asked.answer,
        question=question,
        understood=in_words(only_heard(given, heard.filters), sources, newest=heard.newest),
        notes=tuple(note for note in notes if note),
        nearest=_newest(now, asked.filters) if heard.is_bare else asked.answer.nearest,
        timings_ms=_in_all(one.answer.timings_ms for one in tried),
    )
    return replace(asked, answer=answer)


def _in_all(times: Iterable[Timings]) -> Timings:
    return Timings(*(round(sum(stage), 2) for stage in zip(*map(astuple, times), strict=True)))


def _newest(now: Generation, filters: Filters) -> tuple[Entry, ...]:
    numbers = now.entries.select(filters)[:NEAREST]
    found = now.entries.entries(numbers)
    return tuple(found[n] for n in numbers)


def timeline(now: Generation, embedder: Embedder, topic: str, filters: Filters) -> Asked:
    """What was said of a topic, in order of date: the best sentence of each entry that speaks of it."""
    return _asked(now, embedder, topic, filters, LINES_PASSAGES, _best_of_each)


def find(now: Generation, embedder: Embedder, question: str, limit: int, filters: Filters) -> list[Hit]:
    """The best passages for a cleaned question; none of a cross-post whose original passes the filters, too."""
    _, allowed = passing(now, filters)
    now.check(recipe_of(embedder))
    quiet = silent(now.originals, allowed)
    return search(now, embedder.embed_question(question), now.words(question), limit, allowed, quiet)


def passing(now: Generation, filters: Filters) -> Passing:
    """Raises FilterRefused for a source or a person that is not there."""
    sources = now.entries.sources()
    if filters == NO_FILTERS:
        return Passing(sources, None)
    resolved = resolve_source(filters, sources, now.entries.used_sources())
    people = now.entries.people() if filters.person else []
    if filters.person and not any(name_matches(filters.person, name) for name in people):
        listed = ", ".join(people[:10]) or "nobody yet"
        raise FilterRefused(f"Nobody of that name is in this corpus: {filters.person}. Those with most: {listed}.")
    return Passing(sources, now.entries.select(resolved))


def related_to(
    now: Generation,
    cited: Sequence[str],
    vector: Vector | None,
    allowed: list[int] | None,
    quiet: Collection[int] | None = None,
) -> Related:
    """What else to read, near the question (where there is one) and these entries; nothing that says the same.

    `quiet`: the cross-posts that are left out, where they are known already.
    """
    numbers = [found[0] for i in cited if (found := now.entries.entry(i))]
    near = [v for n in numbers if (v := now.table.entry_vector(n)) is not None]
    closeness = now.table.entry_similarities(direction(vector, near))
    excluded = one_voice(numbers, now.originals).union(silent(now.originals, allowed) if quiet is None else quiet)
    guides, events = related_numbers(now.table.entries, closeness, now.guides, excluded, allowed)
    shown = now.entries.entries([*guides, *events])
    return Related(tuple(shown[n] for n in guides), tuple(shown[n] for n in events))


def copies_of(now: Generation, number: int) -> list[Entry]:
    """The other entries that say the same as this one: the original first, then the cross-posts, oldest first."""
    numbers = one_voice([number], now.originals) - {number}
    found = now.entries.entries(sorted(numbers))
    return [found[n] for n in sorted(found, key=lambda n: (n in now.originals, found[n].published, n))]


def _asked(
    now: Generation, embedder: Embedder, question: str, filters: Filters, limit: int, choosing: Choosing
) -> Asked:
    """One way through the stages, with what is sought (the question, or what it is about) as it stands."""
    begun = perf_counter()
    sources, allowed = passing(now, filters)
    now.check(recipe_of(embedder))
    vector = embedder.embed_question(question)
    embedded = perf_counter()
    words = now.words(question)
    quiet = silent(now.originals, allowed)
    hits = search(now, vector, words, limit, allowed, quiet)
    searched = perf_counter()
    coverage, choice = choosing(now, hits, words)
    sentences, citations = compose(choice.quotes, sources)
    covered = bool(choice.quotes)
    cited = list(dict.fromkeys(c.entry.id for c in citations))
    answer = Answer(
        question=question,
        covered=covered,
        # Where nothing could be quoted, what was found does not count.
        confidence=round(coverage.confidence, 4) if covered or not coverage.is_enough else 0.0,
        sentences=tuple(sentences),
        citations=tuple(citations),
        related=related_to(now, cited, vector, allowed, quiet) if covered else Related(),
        nearest=() if covered else _nearest(hits),
        timings_ms=_timings(begun, embedded, searched, perf_counter()),
        generation=now.number,
        sources=sources,
    )
    count = now.manifest.entries if allowed is None else len(allowed)
    rarities = {word: now.lexical.rarity(word) for word in words}
    return Asked(filters, count, rarities, hits, coverage, choice, answer)


def _best_sentences(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    coverage = weigh(hits, words, now.words, now.lexical.rarity)
    choice = choose(hits, words, now.words, now.lexical.rarity) if coverage.is_enough else Choice()
    return coverage, by_voice(choice)


def _newest_sentences(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    coverage, choice = _best_sentences(now, newer_first(hits), words)
    return coverage, by_voice(choice, newest=True)


def _no_sentences(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    """Of a question that names no subject: whatever was found is not what it asks for."""
    return weigh(hits, words, now.words, now.lexical.rarity), Choice()


def _best_of_each(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    """Of each entry that by itself would answer: another one's words do not make it speak of the topic."""
    entries: dict[str, list[Hit]] = {}
    for hit in hits:
        entries.setdefault(hit.entry.id, []).append(hit)
    weighed = {i: weigh(its, words, now.words, now.lexical.rarity) for i, its in entries.items()}
    coverage = max(weighed.values(), key=lambda c: c.confidence, default=Coverage(0.0, 0.0, 0.0))
    speaking = [hit for hit in hits if weighed[hit.entry.id].is_enough]
    return coverage, Choice(tuple(best_of_each(speaking, LINES, words, now.words, now.lexical.rarity)))


def _nearest(hits: Sequence[Hit]) -> tuple[Entry, ...]:
    return tuple({hit.entry.id: hit.entry for hit in hits}.values())[:NEAREST]


def _timings(begun: float, embedded: float, searched: float, done: float) -> Timings:
    return Timings(
        *(round(1000 * s, 2) for s in (embedded - begun, searched - embedded, done - searched, done - begun))
    )
