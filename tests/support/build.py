"""Builders that several test files share: an entry and a hit, complete, with what a test cares about changed."""

import json
import re
from datetime import date

from hypothesis import settings

from corpus.answer.cite import cite
from corpus.answer.writers.quotes import QuoteWriter
from corpus.models.entries import Entry, Person, Title
from corpus.models.search import Hit, ScoredSentence

# No example database: a run leaves nothing behind in the checkout. No deadline: the machine is shared.
quick = settings(max_examples=150, deadline=None, database=None)


def entry(**changes):
    """An essay by one author; any field may be given."""
    fields = {
        "id": "gap",
        "source": "interconnects",
        "kind": "event",
        "tier": 2,
        "url": "https://example.org/gap",
        "title": "The gap",
        "people": (Person("Nathan Lambert", "author"),),
        "published": date(2026, 6, 1),
        "summary": "An essay on the gap.",
        "text": "Open models are behind. The gap is six months.",
    }
    return Entry(**{**fields, **changes})


def title(**changes):
    """Of `entry`."""
    return Title.of(entry(**changes))


def hit(*scored, score=1.0, between=" ", number=0, **changes):
    """A hit whose passage is these (sentence, similarity), as the whole text of its entry."""
    text, sentences = "", []
    for sentence, similarity in scored:
        text += between if text else ""
        sentences.append(ScoredSentence(len(text), len(text) + len(sentence), similarity))
        text += sentence
    best = max((similarity for _, similarity in scored), default=0.0)
    return Hit(entry(**{**changes, "text": text}), 0, len(text), score, best, tuple(sentences), number)


def compose(quotes, sources):
    """The sentences of an answer made of these quotes, and their citations."""
    citations = cite(quotes)
    return QuoteWriter().write("", citations, sources), citations


def words_of(text):
    """The terms of a text as the tests know them: its words in lower case."""
    return re.findall(r"\w+", text.lower())


def take_in(corpus, folder, rows):
    """Refresh a corpus from (id, day, source, people, text) rows, and return it."""
    fields = {"kind": "event", "tier": 1, "summary": ""}
    lines = [
        fields | {"id": i, "published": day, "source": source, "people": people, "text": text, "title": f"On {i}"}
        for i, day, source, people, text in rows
    ]
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    corpus.refresh([file])
    return corpus
