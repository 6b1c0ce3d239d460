"""What every writer of answers must do, and what becomes of an answer whose writer does not."""

import pytest
from build import entry, take_in

from corpus import Sentence, WriterFailed, open_corpus
from corpus.answer.writers.base import check_sentences
from corpus.answer.writers.quotes import QuoteWriter
from corpus.models.answers import Citation
from corpus.models.sources import Source

WRITERS = {"quotes": QuoteWriter}
SOURCES = {"interconnects": Source("interconnects", "Interconnects", 2, piece="essay")}
TEXT = "Open models are behind. The gap is six months. It may close."
ROWS = [("gap", "2026-06-01", "paper", [], "Open models are six months behind closed models. Salt is cheap.")]
QUESTION = "How far are open models behind closed models?"


def citation(number, quote, name):
    start = TEXT.index(quote)
    return Citation(number, entry(id=name, text=TEXT), quote, start, start + len(quote), TEXT)


QUOTES = (
    citation(1, "Open models are behind.", "a"),
    citation(1, "The gap is six months.", "a"),
    citation(2, "It may close.", "b"),
)


@pytest.fixture(params=WRITERS)
def writer(request):
    return WRITERS[request.param]()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_sentence_rests_on_quotes_and_names_their_entries(writer, count):
    sentences = writer.write(QUESTION, QUOTES[:count], SOURCES)
    assert check_sentences(sentences, QUOTES[:count]) == tuple(sentences)


def test_the_same_quotes_give_the_same_words(writer):
    assert writer.write(QUESTION, QUOTES, SOURCES) == writer.write(QUESTION, QUOTES, SOURCES)


def test_a_lead_in_is_the_beginning_of_its_sentence(writer):
    assert all(one.text.startswith(one.lead) for one in writer.write(QUESTION, QUOTES, SOURCES))


# Of a corpus with another writer


class Summary:
    """Writes one sentence over all quotes, and one that uses the first again."""

    def write(self, question, quotes, sources):
        del question, sources
        numbers = tuple(dict.fromkeys(q.number for q in quotes))
        everything = Sentence("In short: six months.", numbers, quotes=tuple(range(len(quotes))))
        return [everything, Sentence("That is all.", (quotes[0].number,), quotes=(0,))]


class Broken:
    def __init__(self, *sentences):
        self.sentences = sentences

    def write(self, *_):
        if not self.sentences:
            raise WriterFailed("The writer cannot be reached; the quotes are shown as they are.")
        return self.sentences


@pytest.fixture
def asked(toy, settings, tmp_path):
    take_in(toy, tmp_path, ROWS)

    def act(writer=None):
        from fakes import ToyEmbedder  # noqa: PLC0415

        with open_corpus(settings, ToyEmbedder(), writer=writer) as corpus:
            return corpus.ask(QUESTION), corpus.find_quotes(QUESTION)

    return act


def test_a_writer_may_rest_a_sentence_on_several_quotes_and_a_quote_on_several_sentences(asked):
    written, quoted = asked(Summary())
    assert [one.text for one in written.sentences] == ["In short: six months.", "That is all."]
    assert written.citations == quoted.citations
    assert "“Open models are six months behind closed models. " in quoted.sentences[0].text


@pytest.mark.parametrize(
    ("writer", "note"),
    [
        (Broken(), "cannot be reached"),
        (Broken(Sentence("It is so.", (), quotes=())), "rests on no quote"),
        (Broken(Sentence("It is so.", (9,), quotes=(8,))), "rests on no quote"),
        (Broken(Sentence("It is so.", (2,), quotes=(0,))), "cites other entries"),
        (Broken(Sentence(" ", (1,), quotes=(0,))), "rests on no quote"),
    ],
)
def test_what_a_writer_cannot_show_is_answered_in_quotes_and_said(asked, writer, note):
    written, quoted = asked(writer)
    assert written.sentences == quoted.sentences
    assert note in written.notes[-1]


def test_nothing_is_written_where_nothing_is_quoted(toy, settings, tmp_path):
    take_in(toy, tmp_path, ROWS)
    from fakes import ToyEmbedder  # noqa: PLC0415

    with open_corpus(settings, ToyEmbedder(), writer=Broken()) as corpus:
        assert corpus.ask("Do kangaroos dream of goalkeepers?").notes == ()
