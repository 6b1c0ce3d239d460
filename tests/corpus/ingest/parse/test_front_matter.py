"""Front matter means what people mean by it, and is read in the time that its size deserves."""

from datetime import date

import pytest
from reading import parse_markdown

from corpus.ingest.parse.front_matter import parse_front_matter
from corpus.ingest.parse.not_an_entry import NotAnEntry

FRONT = "id: gap\nsource: a\nkind: event\ntier: 2\ntitle: The gap\npeople: []\npublished: 2026-06-01\n"


def refusal(text):
    with pytest.raises(NotAnEntry) as caught:
        parse_markdown(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "title",
    [
        *"No On Off yes n y 0b1 1_000 1:30 12:30:45 190:20:30.15".split(),
        *".inf -.INF .nan << = 0x1F 0o14 2026-6-1 2026-06 1.2.3".split(),
    ],
)
def test_a_plain_word_is_text_though_old_yaml_took_it_for_something_else(title):
    front = FRONT.replace("The gap", title)
    assert parse_markdown(f"---\n{front}---\nText.").title == title


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2", 2),
        ("010", 10),
        ("-7", -7),
        ("3.5", 3.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-06-01", date(2026, 6, 1)),
        ("'2026-06-01'", "2026-06-01"),
        ('"2"', "2"),
        ("[1, No]", [1, "No"]),
    ],
)
def test_numbers_days_and_nothing_are_what_they_look_like(written, value):
    found = parse_front_matter(f"field: {written}\n")["field"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (FRONT.replace("tier: 2", "tier: 1" + ":1" * 1_000_000), "has front matter of more than 64 kB"),
        (FRONT.replace("tier: 2", "tier: 1" + ":1" * 30_000), "the field tier"),
        (FRONT + "tier: 3\n", "a field that is named twice; keep one"),
        (FRONT.replace("[]", "[{name: A, role: author, role: host}]"), "a field that is named twice; keep one"),
        (FRONT + "<<: {tier: 3}\n", "the field << is unknown"),
        (FRONT.replace("tier: 2", "tier: " + "9" * 21), "a huge number"),
        (FRONT.replace("2026-06-01", "2026-06-31"), "a day that no calendar has; write it as in 2026-06-01"),
        (FRONT.replace("2026-06-01", "2026-6-1"), "is no date; write it as in 2026-06-01"),
        (FRONT + "summary: " + "[" * 20 + "]" * 20 + "\n", "lists and fields in one another"),
    ],
    ids=range(9),
)
def test_what_yaml_allows_and_nobody_means_is_refused_with_a_sentence(front, said):
    assert said in refusal(f"---\n{front}---\nText.")


def test_as_much_front_matter_as_anybody_writes_is_read():
    sections = "".join(f"- {{start: {n}, title: Section {n}}}\n" for n in range(1000))
    front = f"{FRONT}sections:\n{sections}"
    assert len(front) < 64_000
    assert len(parse_markdown(f"---\n{front}---\n{'x' * 2000}").sections) == 1000
