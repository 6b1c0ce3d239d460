"""A question's way through a real index: why it ends as it does, by date, a quote in context. The model is a toy."""

import json
from dataclasses import replace

import pytest
from build import hit
from fakes import ToyEmbedder

from corpus import (
    EntryUnknown,
    FilterRefused,
    InputRefused,
    QuestionRefused,
    QuoteGone,
    open_corpus,
    parse_filters,
    quote_hash,
)
from corpus.answer.coverage import COVERED

QUESTION = "Will open models catch up with closed models?"
ROWS = [
    ("may", "2026-05-02", "Open models are nine months behind closed models. Bread needs salt."),
    ("march", "2026-03-02", "Open models are six months behind closed models. Cats sleep all day."),
    ("copy", "2026-04-02", "Open models are six months behind closed models. Dogs bark."),
    ("cats", "2026-01-02", "Cats sleep all day and all night. Nobody knows why they do."),
]


@pytest.fixture
def write(tmp_path):
    """A JSONL file of these (id, day, text)."""

    def act(rows, source="paper"):
        fields = {"source": source, "kind": "event", "tier": 1, "people": [], "summary": ""}
        lines = [fields | {"id": i, "published": day, "text": text, "title": f"On {i}"} for i, day, text in rows]
        file = tmp_path / "rows.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return file

    return act


@pytest.fixture
def shipped(toy):
    toy.refresh()
    return toy


# Why this, why not that


@pytest.mark.parametrize("question", [QUESTION, "cybersecurity", "What is a consortium?", "Why?"])
def test_an_explanation_shows_the_very_answer(shipped, question):
    answer, explained = shipped.ask(question), shipped.explain(question)
    quoted = [s for s in explained.sentences if s.outcome == "quoted"]
    assert explained.covered == answer.covered
    assert explained.generation == answer.generation
    highlighted = [(c.entry.id, c.entry.text[start:end]) for c in answer.citations for start, end in c.highlights]
    assert {s.entry_id for s in quoted} == {entry for entry, _ in highlighted}
    for sentence in quoted:
        assert any(entry == sentence.entry_id and sentence.text in words for entry, words in highlighted)


def test_an_explanation_tells_what_was_found_and_how(shipped):
    explained = shipped.explain(QUESTION)
    assert [t.word for t in explained.terms] == ["open", "model", "catch", "up", "close"]
    rarities = {t.word: t.rarity for t in explained.terms}
    assert rarities["catch"] > rarities["model"] > 0
    assert [(h.entry_id, h.start, h.end, h.score) for h in explained.hits] == [
        (h.entry.id, h.start, h.end, h.score) for h in shipped.search(QUESTION, len(explained.hits))
    ]
    for found in explained.hits:
        places = {"meaning": found.by_meaning, "words": found.by_words}
        brought = [half for half, place in places.items() if place]
        assert found.found_by == ("both" if len(brought) == 2 else brought[0])
    assert explained.confidence >= explained.threshold == COVERED
    assert -1 <= explained.nearness <= 1
    assert 0 <= explained.share <= 1
    assert explained.passing == 12
    assert [s.worth for s in explained.sentences] == sorted((s.worth for s in explained.sentences), reverse=True)


@pytest.mark.parametrize(("by_meaning", "by_words", "half"), [(1, 4, "both"), (3, None, "meaning"), (None, 2, "words")])
def test_a_passage_tells_which_half_of_the_search_found_it(by_meaning, by_words, half):
    assert replace(hit(), by_meaning=by_meaning, by_words=by_words).found_by == half


def test_places_are_told_from_one_and_words_that_nobody_uses_find_nothing(toy, write):
    toy.refresh([write(ROWS)])
    by_words = {h.entry.id: h.by_words for h in toy.search("night cats", 4)}
    assert (by_words["cats"], by_words["may"]) == (1, None)
    assert sorted(h.by_meaning for h in toy.search("night cats", 4)) == [1, 2, 3, 4]
    assert {h.found_by for h in toy.search("xylophone", 4)} == {"meaning"}


def test_a_question_that_is_not_covered_is_explained_by_its_signals(shipped):
    explained = shipped.explain("Which goalkeeper saved the penalty at Wembley?")
    assert not explained.covered
    assert explained.confidence < explained.threshold
    assert explained.sentences == ()
    assert explained.hits
    assert "goalkeep" in {t.word for t in explained.terms}


def test_an_explanation_tells_the_filters_and_how_many_entries_pass_them(toy, write):
    toy.refresh([write(ROWS)])
    chosen = parse_filters(since="2026-04")
    explained = toy.explain("Are open models behind?", chosen)
    assert (explained.filters, explained.passing) == (chosen, 2)
    assert {h.entry_id for h in explained.hits} == {"may", "copy"}
    with pytest.raises(FilterRefused, match="paper"):
        toy.explain("cats", parse_filters(source="Gazette"))


def test_a_repeat_is_explained_by_what_it_repeats(toy, write):
    toy.refresh([write(ROWS)])
    outcomes = {(s.entry_id, s.outcome) for s in toy.explain("Are open models behind closed models?").sentences}
    assert ("march", "quoted") in outcomes
    assert any(i == "copy" and told.startswith("repeats [") for i, told in outcomes)


# By date


def test_a_timeline_tells_what_was_said_by_date_each_line_cited(toy, write):
    toy.refresh([write(ROWS)])
    told = toy.timeline("open models")
    assert told.covered
    assert [c.entry.id for c in told.citations] == ["march", "may"]  # the copy is March's voice, the cats say nothing
    assert [c.number for c in told.citations] == [1, 2]
    assert [s.citations for s in told.sentences] == [(1,), (2,)]
    for sentence, citation in zip(told.sentences, told.citations, strict=True):
        assert "2026" in sentence.lead
        assert citation.quote == citation.entry.text[citation.start : citation.end]
        assert "months behind" in citation.quote


def test_a_timeline_has_at_most_eight_entries_in_order(shipped):
    told = shipped.timeline("open models")
    days = [c.entry.published for c in told.citations]
    assert len(days) == len({c.entry.id for c in told.citations}) == 8
    assert days == sorted(days)
    cited = {c.entry.id for c in told.citations}
    assert not cited & {e.id for e in (*told.related.guides, *told.related.events)}


def test_a_timeline_keeps_to_the_filters(toy, write):
    toy.refresh([write(ROWS)])
    told = toy.timeline("open models", parse_filters(since="2026-05"))
    assert [c.entry.id for c in told.citations] == ["may"]


def test_a_topic_of_which_nobody_speaks_is_not_covered_and_nothing_is_near_it(toy, write):
    toy.refresh([write(ROWS)])
    told = toy.timeline("goalkeepers at Wembley")
    assert (told.covered, told.sentences, told.citations) == (False, (), ())
    assert (told.nearest, told.near) == ((), ())
    with pytest.raises(QuestionRefused):
        toy.timeline("?!")


# What is near, where it is not covered


@pytest.mark.parametrize(
    ("question", "since", "near", "passing"),
    [
        ("Are rivals nine weeks ahead?", None, [("may", "Open models are nine months behind closed models.")], 4),
        ("Are rivals nine weeks ahead?", "2026-06", [], 0),
        ("goalkeepers at Wembley", None, [], 4),
        ("Do cats sleep all night?", None, [], 4),  # covered
    ],
)
def test_what_is_near_is_quoted_as_near_and_what_is_not_is_not_named(toy, write, question, since, near, passing):
    toy.refresh([write(ROWS)])
    answer = toy.ask(question, parse_filters(since=since))
    assert [(c.entry.id, c.quote) for c in answer.near] == near
    assert answer.nearest == tuple(c.entry for c in answer.near)
    assert answer.passing == passing
    assert not (answer.covered and near)


# The quote in its paragraph


def test_a_quote_is_shown_in_its_paragraph(shipped):
    for citation in shipped.ask(QUESTION).citations:
        context = shipped.quote_in_context(citation.entry.id, citation.start, citation.end, quote_hash(citation.quote))
        assert context.quote == citation.quote
        assert context.before + context.quote + context.after in citation.entry.text
        assert context.source.slug == citation.entry.source


def test_a_quote_is_found_again_after_its_entry_has_changed(toy, write):
    toy.refresh([write(ROWS)])
    [citation] = [c for c in toy.ask("Do cats sleep all night?").citations if c.entry.id == "cats"][:1]
    place = citation.entry.id, citation.start, citation.end, quote_hash(citation.quote)
    toy.refresh([write([("cats", "2026-01-02", f"An opening of its own.\n\nIndeed: {citation.quote} So they do.")])])
    context = toy.quote_in_context(*place)
    assert (context.before, context.quote, context.after) == ("Indeed: ", citation.quote, " So they do.")
    toy.refresh([write([("cats", "2026-01-02", "Cats wake all day and all night, and they know why.")])])
    with pytest.raises(QuoteGone, match="has changed since") as gone:
        toy.quote_in_context(*place)
    assert isinstance(gone.value, InputRefused)


def test_a_quote_of_an_entry_that_is_not_there_is_told_in_a_sentence(shipped):
    with pytest.raises(EntryUnknown, match="no longer in the corpus"):
        shipped.quote_in_context("removed", 0, 5, "00000000")


# Titles, and catching up


def test_titles_are_those_of_all_entries_newest_first(shipped):
    assert [(t.id, t.title, t.published) for t in shipped.titles()] == [
        (e.id, e.title, e.published) for e in shipped.entries()
    ]


def test_a_corpus_that_does_not_follow_shows_a_refresh_after_catching_up(toy, write, settings):
    toy.refresh([write(ROWS)])
    with open_corpus(settings, ToyEmbedder(), serving=True) as reader:
        assert reader.catch_up().generation == 1
        toy.refresh([write([("new", "2026-06-01", "Owls hunt by night.")])])
        assert reader.ask("Do owls hunt?").generation == 1
        assert reader.status().generation == 1
        assert len(reader.titles()) == 4
        assert reader.catch_up().generation == 2
        assert reader.ask("Do owls hunt?").citations[0].entry.id == "new"
        assert len(reader.titles()) == 5
