"""The passages' words in a tantivy index (BM25, k1 1.2, b 0.75): the only home of tantivy.

It is written anew for each generation (200,000 passages in 5 s): what was deleted would go on counting in the rarity of
words, and the same record would answer differently by the way it came about.

Beside it lies the vocabulary, the words as they are written: against it misspelt questions are understood.
"""

import contextlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import tantivy

from corpus.errors import IndexDamaged, is_panic, shortage_of

FOLDER = "lexical"  # in a generation
VERSION = "2"  # part of a generation's manifest: raise it when the analysis of words changes
WRITER_MEMORY = 64_000_000  # bytes before tantivy writes a segment
VOCABULARY = "vocabulary.txt"  # a word and the number of passages that hold it, a line each, by the alphabet
MOST_WORDS = 200_000  # in the vocabulary: the most frequent ones
PLAIN = re.compile(r"[^\W\d_]{4,40}")  # letters alone; what is shorter is near to too much
# Words that a question is built of and that say nothing of its subject, beside the usual ones.
STOP_WORDS = """
a about all also am an and any are as at be been being both but by can could did do does doing done each either else
ever for from had has have having he her here hers him his how i if in into is it its itself just let me mine more most
must my neither nor of on or other our ours own per please quite rather s said say says shall she should since so some
such t tell than that the their theirs them then there these they this those though to too upon us very was we were
what whatever when where whether which while who whom whose why will with would you your yours
""".split()


@cache
def make_analyzer() -> tantivy.TextAnalyzer:
    """Return what makes terms of a text: words in lower case, without accents, stop words out, English stems."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(STOP_WORDS))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def split_terms(text: str) -> list[str]:
    """Return the terms of a text, in order."""
    return list(make_analyzer().analyze(text))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The plain words of the passages, as they are written, in lower case.

    `counts`: in how many passages each stands; one that has it with and without a comma counts twice.
    """

    words: Sequence[str] = ()  # by the alphabet
    counts: Mapping[str, int] = field(default_factory=dict)


class Lexical:
    """The lexical index of one generation. A passage is known by its key, an entry by its number."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("key", fast=True)
            .add_unsigned_field("entry", indexed=True)
            .add_text_field("body", tokenizer_name="footnote")
            .build()
        )
        with _translate_errors(folder):
            if create:
                folder.mkdir(parents=True)
                self._index = tantivy.Index(schema, path=str(folder))
            else:
                self._index = tantivy.Index.open(str(folder))
            self._index.register_tokenizer("footnote", make_analyzer())
            self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None
        self._counted: Counter[str] = Counter()

    def count(self) -> int:
        return int(self._searcher.num_docs)

    def add(self, keys: Sequence[int], entries: Sequence[int], bodies: Sequence[str]) -> None:
        """Add passages by key; visible after `commit`."""
        with _translate_errors(self.folder):
            writer = self._open_writer()
            for key, number, body in zip(keys, entries, bodies, strict=True):
                document = tantivy.Document()
                document.add_unsigned("key", int(key))
                document.add_unsigned("entry", int(number))
                document.add_text("body", body)
                writer.add_document(document)
                self._counted.update(set(body.lower().split()))

    def commit(self) -> None:
        """Write what was added, and end the writing."""
        with _translate_errors(self.folder):
            writer, self._writer = self._open_writer(), None
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()
            write_vocabulary(self.folder / VOCABULARY, self._counted)

    def close(self) -> None:
        """End a writing that was not committed, so that its threads touch the folder no more."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with contextlib.suppress(ValueError, OSError):
                writer.rollback()

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            # One thread: the passages stay in one order, and two cores have the model to run.
            self._writer = self._index.writer(heap_size=WRITER_MEMORY, num_threads=1)
        return self._writer

    def matching(self, words: Sequence[str], limit: int, entries: Sequence[int] | None = None) -> dict[int, float]:
        """Return key → BM25 of the passages with some of these terms, best first; of these entries alone if given."""
        if not words or (entries is not None and not entries):
            return {}
        schema = self._index.schema
        with _translate_errors(self.folder):
            any_word = tantivy.Query.boolean_query(
                [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", w)) for w in dict.fromkeys(words)]
            )
            query = any_word
            if entries is not None:
                allowed = tantivy.Query.term_set_query(schema, "entry", [int(n) for n in entries])
                weightless = tantivy.Query.const_score_query(allowed, 0.0)  # it decides, and adds nothing to the score
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, any_word), (tantivy.Occur.Must, weightless)])
            hits = self._searcher.search(query, limit=limit, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return {int(key): float(score) for key, (score, _) in zip(keys, hits, strict=True) if key is not None}

    def rarity(self, term: str) -> float:
        """Return how rare a term is: its BM25 inverse document frequency, ln(1 + (N − n + ½) / (n + ½))."""
        with _translate_errors(self.folder):
            holding = self._searcher.doc_freq("body", term)
        return math.log(1 + (max(0, self._searcher.num_docs - holding) + 0.5) / (holding + 0.5))

    def holds(self, term: str) -> bool:
        """Whether some passage has this term."""
        with _translate_errors(self.folder):
            return bool(self._searcher.doc_freq("body", term))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Read the vocabulary, when it is first needed: 100,000 words take 60 ms. Empty in an index from before it."""
        with _translate_errors(self.folder):
            try:
                text = (self.folder / VOCABULARY).read_text(encoding="utf-8")
            except FileNotFoundError:
                return Vocabulary()
            counts = {word: int(count) for word, _, count in (line.partition(" ") for line in text.splitlines())}
        return Vocabulary(tuple(counts), counts)


def owns(name: str) -> bool:
    """Whether a file of a generation's folder, by its path in it, is the lexical index's."""
    return name.startswith(f"{FOLDER}/")


def find_plain_words(text: str) -> list[str]:
    """Return the words of at least four letters in a text, in lower case."""
    return PLAIN.findall(text.lower())


def write_vocabulary(file: Path, counted: Mapping[str, int]) -> None:
    """Write the vocabulary of what stands between blanks; the same words make the same file."""
    words: Counter[str] = Counter()
    for text, count in counted.items():  # taken apart once: in each passage it would cost as much as the index
        words.update(dict.fromkeys(find_plain_words(text), count))
    frequent = islice(sorted(words.items(), key=lambda one: (-one[1], one[0])), MOST_WORDS)
    file.write_text("".join(f"{word} {count}\n" for word, count in sorted(frequent)), encoding="utf-8")


@contextmanager
def _translate_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:  # a panic of its Rust core is no Exception; what is neither goes on its way
        if not isinstance(error, ValueError | OSError | RuntimeError | MemoryError) and not is_panic(error):
            raise
        reason = " ".join(str(error).split())[:200]
        raise shortage_of(error, folder) or IndexDamaged(
            f"The lexical index in {folder} cannot be read ({reason}). Run `footnote rebuild`."
        ) from error
