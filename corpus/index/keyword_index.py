"""The passages' words in a tantivy index (BM25, k1 1.2, b 0.75): the only home of tantivy.

A generation begins with the index of the one before, as long as little was removed from that: tantivy goes on counting
what is removed in the rarity of words, until the index is written anew (200,000 passages in 5 s). So the terms of what
was removed are kept beside it: where they are more than a hundredth of a term's passages, these are counted one by one.

Beside it lies the vocabulary, the words as they are written: against it misspelt questions are understood.
"""

import contextlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy

from corpus.errors import IndexDamaged, is_panic, shortage_of

FOLDER = "lexical"  # in a generation
VERSION = "2"  # part of a generation's manifest: raise it when the analysis of words changes
REMOVED = "removed.json"  # the passages that were removed since the index was written anew, and how many had each term
MOST_REMOVED = 0.01  # share of the passages, of an index that is not written anew; and of those of a term, not counted
WRITER_MEMORY = 64_000_000  # bytes before tantivy writes a segment
VOCABULARY = "vocabulary.txt"  # a word and the number of passages that hold it, a line each, by the alphabet
MOST_WORDS = 200_000  # in the vocabulary: the most frequent ones
MOST_COUNTED = 300_000  # pieces of text that are held in memory, some 30 MB
SMALL_WORDS = 2  # that may stand between words that stand together
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


def split_terms(text: str) -> tuple[str, ...]:
    """Return the terms of a text, in order."""
    return tuple(make_analyzer().analyze(text))


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
            # By itself it looks for commits every half second, and leaves a lock among files that are committed then.
            self._index.config_reader("Manual")
            self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None
        self._counted: Counter[str] = Counter()  # passages with what stands between blanks: added, less removed
        self._words: Counter[str] = Counter()  # the same of plain words, of what `_counted` no longer holds
        self._removed = read_removed(folder)

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
                self._count_words(body, 1)

    def remove(self, number: int, bodies: Sequence[str]) -> None:
        """Remove an entry's passages, whose bodies these are; visible after `commit`."""
        with _translate_errors(self.folder):
            of_entry = tantivy.Query.term_query(self._index.schema, "entry", int(number))
            self._open_writer().delete_documents_by_query(of_entry)
        passages, terms = self._removed
        for body in bodies:
            self._count_words(body, -1)
            terms.update(set(split_terms(body)))
        self._removed = passages + len(bodies), terms

    def commit(self) -> None:
        """Write what was added, and end the writing."""
        with _translate_errors(self.folder):
            writer, self._writer = self._open_writer(), None
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()
            self._words.update(self._read_vocabulary().counts)
            self._split_counted()
            write_vocabulary(self.folder / VOCABULARY, self._words)
            (self.folder / REMOVED).write_text(json.dumps(self._removed), encoding="utf-8")
            for lock in self.folder.glob(".tantivy-*.lock"):  # empty, and of a process that writes
                lock.unlink()

    def _count_words(self, body: str, sign: int) -> None:
        self._counted.update(dict.fromkeys(body.lower().split(), sign))
        if len(self._counted) > MOST_COUNTED:
            self._split_counted()

    def _split_counted(self) -> None:
        """Count plain words: of each piece of text once, since in each passage it would cost as much as the index."""
        for text, count in self._counted.items():
            self._words.update(dict.fromkeys(find_plain_words(text), count))
        self._counted.clear()

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
                [(tantivy.Occur.Should, self._find_term(word)) for word in dict.fromkeys(words)]
            )
            query = any_word
            if entries is not None:
                allowed = tantivy.Query.term_set_query(schema, "entry", [int(n) for n in entries])
                weightless = tantivy.Query.const_score_query(allowed, 0.0)  # it decides, and adds nothing to the score
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, any_word), (tantivy.Occur.Must, weightless)])
            hits = self._searcher.search(query, limit=limit, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return {int(key): float(score) for key, (score, _) in zip(keys, hits, strict=True) if key is not None}

    def _find_term(self, term: str) -> tantivy.Query:
        """Return the query for a term, which weighs as much as if nothing had ever been removed."""
        query = tantivy.Query.term_query(self._index.schema, "body", term)
        counted, holding = self._searcher.doc_freq("body", term), self._count_holding(term)
        if counted == holding:
            return query
        return tantivy.Query.boost_query(query, self._rarity_of(holding) / self._rarity_of(counted))

    def _count_holding(self, term: str) -> int:
        """Return how many passages have a term; those that were removed count as far as they are a hundredth."""
        counted = int(self._searcher.doc_freq("body", term))
        if self._removed[1].get(term, 0) <= MOST_REMOVED * counted:
            return counted
        query = tantivy.Query.term_query(self._index.schema, "body", term)
        found: Any = self._searcher.search(query, limit=1, count=True)  # Any: the stubs do not have its count
        return int(found.count or 0)

    def _rarity_of(self, holding: int) -> float:
        return math.log(1 + (max(0, self._searcher.num_docs - holding) + 0.5) / (holding + 0.5))

    def rarity(self, term: str) -> float:
        """Return how rare a term is: its BM25 inverse document frequency, ln(1 + (N − n + ½) / (n + ½))."""
        with _translate_errors(self.folder):
            return self._rarity_of(self._count_holding(term))

    def holds(self, term: str) -> bool:
        """Whether some passage has this term."""
        with _translate_errors(self.folder):
            return self._count_holding(term) > 0

    def holds_together(self, terms: Sequence[str]) -> bool:
        """Whether some passage has at least two terms beside each other in this order, with small words between."""
        with _translate_errors(self.folder):
            query = tantivy.Query.phrase_query(self._index.schema, "body", list(terms), slop=SMALL_WORDS)
            return bool(self._searcher.search(query, limit=1, count=False).hits)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary, read when it is first needed: 100,000 words take 60 ms."""
        return self._read_vocabulary()

    def _read_vocabulary(self) -> Vocabulary:
        """Read the vocabulary. Empty in a new index, and in one from before it."""
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


def read_removed(folder: Path) -> tuple[int, Counter[str]]:
    """Return how many passages were removed since the index in a folder was written anew, and how many had each term.

    Some of them may be gone from the index altogether. Raises IndexDamaged, or a ResourceShort.
    """
    with _translate_errors(folder):
        try:
            passages, terms = json.loads((folder / REMOVED).read_text(encoding="utf-8"))
        except FileNotFoundError:  # nothing was, in an index from before it
            return 0, Counter()
        return int(passages), Counter(terms)


def find_plain_words(text: str) -> list[str]:
    """Return the words of at least four letters in a text, in lower case."""
    return PLAIN.findall(text.lower())


def write_vocabulary(file: Path, counts: Mapping[str, int]) -> None:
    """Write the vocabulary, a word and the number of its passages each; the same words make the same file."""
    frequent: Iterable[tuple[str, int]] = ((word, count) for word, count in counts.items() if count > 0)
    if len(counts) > MOST_WORDS:
        frequent = islice(sorted(frequent, key=lambda one: (-one[1], one[0])), MOST_WORDS)
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
