"""Cross-posts by their text: what counts as one voice, which is the original; only what has changed is compared."""

import hashlib
import random
from datetime import date, timedelta
from itertools import product

import pytest

from corpus.ingest.parse.markdown_entries import parse_markdown
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.sources.local_files import SHELF
from corpus.ingest.update.duplicates import find_copies, make_signature

SYLLABLES = ["".join(pair) for pair in product("bdfgklmnprst", "aeiou")]
VOCABULARY = ["".join(pair) for pair in product(SYLLABLES, SYLLABLES)]
HANS = [chr(0x4E00 + 7 * n) for n in range(2000)]
BEFORE = "Originally posted at The Other Journal by its editors, who thank the author for the permission to do so."
AFTER = "Subscribe now for more of this, share it with a friend, and leave a comment below if you read so far. Thanks!"


def piece(seed, words=400, vocabulary=VOCABULARY, blank=" "):
    return blank.join(random.Random(seed).choices(vocabulary, k=words))  # noqa: S311


def edited(text, share, seed=99):
    """With so many of its words exchanged."""
    chance, words = random.Random(seed), text.split()  # noqa: S311
    for place in chance.sample(range(len(words)), int(share * len(words))):
        words[place] = chance.choice(VOCABULARY)
    return " ".join(words)


def mixed(one, other, run):
    """Runs of words of one text, and two of every five from another."""
    a, b = one.split(), other.split()
    return " ".join((b if (i // run) % 5 in {1, 3} else a)[i] for i in range(len(a)))


def links(*texts, days=None, **rest):
    """What is linked of these texts, numbered from 1, published each a day after the one before."""
    numbered = dict(enumerate(texts, 1))
    published = days or range(len(texts))
    order = {n: (date(2026, 1, 1) + timedelta(day), n) for n, day in zip(numbered, published, strict=True)}
    return find_copies({n: make_signature(text) for n, text in numbered.items()}, order, numbered.__getitem__, **rest)


A, B, C = piece("a"), piece("b"), piece("c")
NOTE = piece("note", 70)
HAN = piece("han", 300, HANS, "")
REPORT = f"{piece('r1', 80)} the gap is now 6.2 months wide {piece('r2', 80)}"

ONE_VOICE = {
    "the same words": (A, A),
    "other marks, capitals and blanks": (A, A.upper().replace(" ", "\n\n“", 3).replace(" ", " — ", 9)),
    "with lines of the publisher": (A, f"{BEFORE}\n\n{A}\n\n{AFTER}"),
    "each with lines of its own publisher": (f"{BEFORE}\n\n{A}", f"{A}\n\n{AFTER}"),
    "a short piece with such lines": (NOTE, f"{BEFORE}\n\n{NOTE}"),
    "every twentieth word another": (A, edited(A, 0.05)),
    "writing without blanks": (HAN, f"原文發表於他處。{HAN[:150]}、{HAN[150:]}。"),
    "few words, the very same": (piece("s", 30), piece("s", 30)),
    "a figure written otherwise": (REPORT.replace("6.2", "1,200"), REPORT.replace("6.2", "1200")),
    "other dates around": (f"Posted on May 12, 2026. {A}", f"Posted on May 14, 2026. {A}"),
}
TWO_VOICES = {
    "nothing in common": (A, B),
    "one template, three fifths in common, in runs of 5": (A, mixed(A, B, 5)),
    "one template, three fifths in common, in runs of 40": (A, mixed(A, B, 40)),
    "one opening, two instalments": (" ".join([*A.split()[:150], B]), " ".join([*A.split()[:150], C])),
    "each with a paragraph of its own": (f"{A} {piece('d', 100)}", f"{A} {piece('e', 100)}"),
    "another figure": (REPORT, REPORT.replace("6.2", "8.4")),
    "another figure in words": (REPORT.replace("6.2", "six"), REPORT.replace("6.2", "nine")),
    "few words, nearly the same": (piece("s", 30), piece("s", 29)),
    "too few words to tell": ("This post is for paid subscribers.", "This post is for paid subscribers."),
    "no words at all": ("… — !", "… — !"),
    "writing without blanks": (HAN, piece("han2", 300, HANS, "")),
}


@pytest.mark.parametrize("texts", ONE_VOICE.values(), ids=ONE_VOICE)
def test_what_was_said_before_is_a_copy_of_what_was_published_first(texts):
    assert links(*texts) == {2: 1}
    assert links(*texts, days=[1, 0]) == {1: 2}
    assert links(*texts, days=[0, 0]) == {2: 1}, "else of what was archived first"


@pytest.mark.parametrize("texts", TWO_VOICES.values(), ids=TWO_VOICES)
def test_what_only_looks_alike_is_no_copy(texts):
    assert links(*texts) == {}


@pytest.mark.parametrize("days", [[0, 5], [5, 0]])
@pytest.mark.parametrize("words", [70, 150])
def test_a_teaser_is_a_copy_of_the_whole_piece_whichever_came_first(words, days):
    whole = piece("whole", 2000)
    teaser = " ".join(whole.split()[:words])
    assert links(whole, f"{teaser} Read on with a subscription", days=days) == {2: 1}


def test_whatever_chain_they_hang_together_by_there_is_one_original():
    chain = [A]
    for step in range(4):
        chain.append(edited(chain[-1], 0.05, seed=step))
    assert links(chain[0], chain[-1]) == {}
    teaser = " ".join(A.split()[:90])
    assert links(*chain, teaser, B, days=[3, 2, 1, 4, 5, 0, 0]) == dict.fromkeys([1, 2, 4, 5, 6], 3)


def test_the_shipped_guides_retell_the_pieces_in_their_own_words():
    with Sandbox() as sandbox:
        texts = [parse_markdown(file.read_text(encoding="utf-8"), sandbox).text for file in sorted(SHELF.glob("*.md"))]
    assert len(texts) == 12
    assert links(*texts) == {}


def test_only_what_is_fresh_and_what_it_touches_is_read_and_it_comes_to_the_same():
    chance = random.Random(7)  # noqa: S311
    chain = [A]
    for step in range(5):
        chain.append(edited(chain[-1], 0.05, seed=step))
    texts = dict(enumerate([*chain, B, f"{BEFORE} {B}", B, C, " ".join(C.split()[:80]), *map(piece, range(20))], 1))
    known, order = {}, {n: (date(2026, 1, 1), n) for n in texts}
    for fresh, gone in (({*texts}, set()), ({3}, {4}), (set(), {1, 7}), ({10}, set()), ({15}, {2, 10}), (set(), {8})):
        texts = {n: text for n, text in texts.items() if n not in gone}
        if 15 in fresh:
            texts[15] = B
        signatures = {n: make_signature(text) for n, text in texts.items()}
        order |= {n: (date(2026, 1, 1 + chance.randrange(3)), n) for n in fresh}
        read = []
        now = find_copies(signatures, order, lambda n, t=texts, r=read: r.append(n) or t[n], fresh, known)
        assert now == find_copies(signatures, order, texts.__getitem__)
        assert not {n for n in read if n > 15}, "what nothing touches is not read"
        known = now


def test_many_of_one_template_are_no_copies_and_are_soon_told():
    """Each begins with the same eighty words, and goes on in its own."""
    opening = piece("opening", 80)
    texts = [f"{opening} {piece(n, 120)}" for n in range(100)]
    read = []
    numbered = dict(enumerate(texts))
    order = {n: (date(2026, 1, 1), n) for n in numbered}
    signatures = {n: make_signature(text) for n, text in numbered.items()}
    assert find_copies(signatures, order, lambda n: read.append(n) or numbered[n]) == {}
    assert len(read) == len(texts), "none is read again and again"


def test_a_signature_is_the_same_on_every_day_and_that_of_another_form_is_left_aside():
    assert hashlib.sha256(make_signature(A)).hexdigest()[:8] == "b7364712", "it is kept: a new form asks for new ones"
    assert (
        find_copies({1: b"", 2: b"short", 3: make_signature(A)}, {n: (date(2026, 1, 1), n) for n in (1, 2, 3)}, str)
        == {}
    )
    assert find_copies({}, {}, str) == {}
