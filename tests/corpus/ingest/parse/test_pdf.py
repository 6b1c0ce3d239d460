"""The text of a PDF as it is read: its own figures, columns, words and sentences, and who says what it is."""

import pdfs
import pytest

from corpus.ingest.parse.sandbox import Sandbox

SAID = {"Title": "On harbour models", "Author": "Ada Quill", "CreationDate": "D:20260504130211Z"}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as found:
        yield found


def lines_down(*texts, x=72, top=720, size=12, step=14):
    return [(x, top - step * n, size, text) for n, text in enumerate(texts)]


# Figures


def raised(*parts):
    """One line whose parts are (text, size, rise), drawn one behind the other."""
    shown = "".join(f"/F1 {size} Tf {rise} Ts ({text}) Tj\n" for text, size, rise in parts)
    return f"BT 72 700 Td\n{shown}ET"


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ([("It took 10", 12, 0), ("25", 7, 4), (" operations in all.", 12, 0)], "It took 10²⁵ operations in all."),
        ([("It costs $5", 12, 0), ("3", 7, 4), (" million.", 12, 0)], "It costs $5³ million."),
        ([("An error of 10", 12, 0), ("-6", 7, 4), (" is small.", 12, 0)], "An error of 10⁻⁶ is small."),
        ([("It fell in 2025", 12, 0), ("1", 7, 4), (" and rose again.", 12, 0)], "It fell in 2025 and rose again."),
        ([("The makers", 12, 0), ("2,3", 7, 4), (" say so.", 12, 0)], "The makers say so."),
        ([("It is said.", 12, 0), ("12", 7, 4), (" It is not.", 12, 0)], "It is said. It is not."),
        ([("It has 40 m", 12, 0), ("2", 7, 4), (" of room.", 12, 0)], "It has 40 m² of room."),
        ([("On the 21", 12, 0), ("st", 7, 4), (" of May.", 12, 0)], "On the 21st of May."),
        ([("It grows as 10", 12, 0), ("n", 7, 4), (" does.", 12, 0)], "It grows as 10ⁿ does."),
        ([("It grows as 10", 12, 0), ("k", 7, 4), (" does.", 12, 0)], "It grows as 10^k does."),
        ([("The number 1011", 12, 0), ("2", 7, -2), (" is eleven.", 12, 0)], "The number 1011₂ is eleven."),
        ([("Ada Quill", 12, 0), ("*", 7, 4), (" of the harbour", 12, 0)], "Ada Quill of the harbour"),
        ([("A garden of 12", 12, 0), (" beds", 12, 0)], "A garden of 12 beds"),
        ([("S", 14, 0), ("MALL CAPITALS 12", 9, 0), (" ARE THERE", 9, 0)], "SMALL CAPITALS 12 ARE THERE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_raised_number_is_an_exponent_or_a_mark_and_never_part_of_the_number_before_it(sandbox, parts, read):
    assert sandbox.pdf(pdfs.drawn(raised(*parts), **SAID))["text"] == read


def test_what_is_moved_up_instead_of_raised_is_the_same(sandbox):
    page = "BT /F1 12 Tf 72 700 Td (It took 10) Tj /F1 7 Tf 60 4 Td (25) Tj /F1 12 Tf 9 -4 Td (steps.) Tj ET"
    assert sandbox.pdf(pdfs.drawn(page, **SAID))["text"].startswith("It took 10²⁵")


# Columns

LEFT = [
    "The harbour model was trained in",
    "the winter of 2024 on levels of",
    "water alone. It never failed in",
    "any storm.",
]
RIGHT = [
    "The meadow model was trained in",
    "the summer of 2025 on speeds of",
    "wind alone. It failed in every",
    "storm there was.",
]
FLOWING = "The harbour model was trained in the winter of 2024 on levels of water alone. It never failed in any storm."


def rows_of(*columns, top=700, step=14):
    """Columns as some programs write them: row by row."""
    return [
        (60 + 260 * place, top - step * row, 11, column[row])
        for row in range(max(map(len, columns)))
        for place, column in enumerate(columns)
        if row < len(column)
    ]


@pytest.mark.parametrize(
    "page",
    [
        rows_of(LEFT, RIGHT),
        [(60, 740, 20, "Two models of the weather"), *rows_of(LEFT, RIGHT)],
        [
            *rows_of(LEFT, RIGHT),
            (60, 560, 9, "This note goes over the whole width of the page, and over both columns."),
        ],
        rows_of(LEFT, [*RIGHT, "And so", "it ends."]),
        lines_down(*LEFT, x=60, size=11) + lines_down(*RIGHT, x=320, size=11),  # each by itself, as most do
    ],
    ids=["rows", "under a title", "over a note", "of two lengths", "columns"],
)
def test_two_columns_are_read_one_after_the_other(sandbox, page):
    text = " ".join(sandbox.pdf(pdfs.placed(page, **SAID))["text"].split())
    assert FLOWING in text
    assert (
        "The meadow model was trained in the summer of 2025 on speeds of wind alone. It failed in every storm" in text
    )


def set_anew(left, right):
    return f"({left}) Tj 260 0 Td ({right}) Tj -260 -14 Td\n"


def set_in_words(left, right):
    """As TeX does: the room between words is no letter."""
    left, right = (" -300 ".join(f"({word})" for word in line.split()) for line in (left, right))
    return f"[{left}] TJ 260 0 Td [{right}] TJ -260 -14 Td\n"


@pytest.mark.parametrize("show", [set_anew, set_in_words])
def test_two_columns_in_one_stretch_of_text_are_told_apart(sandbox, show):
    rows = "".join(show(*row) for row in zip(LEFT, RIGHT, strict=True))
    text = " ".join(sandbox.pdf(pdfs.drawn(f"BT /F1 11 Tf 60 700 Td\n{rows}ET", **SAID))["text"].split())
    assert text.startswith(f"{FLOWING} The meadow model was trained in the summer of 2025 on speeds of wind alone.")


def test_the_rows_of_a_table_stay_rows(sandbox):
    table = rows_of(["Model", "Alder", "Birch", "Cedar"], ["Score", "61.2", "74.9", "88.1"])
    text = " ".join(sandbox.pdf(pdfs.placed(table, **SAID))["text"].split())
    assert text == "Model Score Alder 61.2 Birch 74.9 Cedar 88.1"


# Words and sentences


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["We use self-", "attention here."], "self-attention"),
        (["It has 1.5-", "inch screens."], "1.5-inch"),
        (["It is about in-", "formation there."], "information"),
        (["A non-", "linear model."], "non-linear"),
        (["That is non-", "sense, we say."], "nonsense"),
        (["The x-", "axis is long."], "x-axis"),
        (["They trained GPT-", "Neo and GPT-", "4 there."], "GPT-Neo and GPT-4"),
        (["From 2019-", "2020 it rose."], "2019-2020"),
        (["It covers pre-", "and post-training."], "pre- and post-training"),
        (["A long-", "term plan. It is long-term."], "A long-term plan"),
        (["The well-", "known thing."], "well-known"),
        (["An open-", "weight model."], "open-weight"),
        (["A self-", "ish model."], "selfish"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_word_that_was_divided_at_a_lines_end_is_whole(sandbox, lines, read):
    assert read in sandbox.pdf(pdfs.pdf(lines, **SAID))["text"]


@pytest.mark.parametrize(
    "top",
    [
        lines_down("On harbour models", "Ada Quill", "Abstract"),
        lines_down("On harbour", "models", "Ada Quill", "ABSTRACT"),
        [(72, 760, 20, "On harbour models"), (72, 740, 12, "Ada Quill"), (72, 720, 12, "Summary")],
        [(72, 760, 12, "On harbour models"), (72, 745, 10, "Ada Quill, Port Authority"), (72, 720, 12, "Abstract")],
    ],
    ids=["in one size", "over two lines", "larger", "with a place"],
)
def test_a_title_a_name_and_a_label_are_no_part_of_the_first_sentence(sandbox, top):
    body = lines_down(
        "We show that a harbour model of modest size is better than a larger one of the",
        "meadows, by a wide margin. The rest of this text says how it was done and by whom.",
        top=650,
    )
    start = min(y for _, y, _, _ in top)
    body = [(x, y - 650 + start - 14, size, text) for x, y, size, text in body]
    paragraphs = sandbox.pdf(pdfs.placed([*top, *body], **SAID))["text"].split("\n\n")
    assert paragraphs[-1].startswith("We show that a harbour model of modest size is better than a larger one")
    assert paragraphs[-2].lower() in {"abstract", "summary"}


def test_a_title_and_names_that_nothing_else_tells_are_no_part_of_the_first_sentence(sandbox):
    lines = [
        "On the tides of a town",
        "By Ada Quill and Bo Marsh",
        "The tides of a town are what its harbour lives by, and its models are no exception at all.",
        "They are small.",
    ]
    assert sandbox.pdf(pdfs.pdf(lines))["text"].split("\n\n") == [*lines[:2], " ".join(lines[2:])]


def test_a_label_in_the_line_of_the_first_sentence_is_none_of_it(sandbox):
    lines = ["Abstract\u2014We show that a harbour model of modest size is better than others.", "It is small."]
    assert sandbox.pdf(pdfs.pdf(lines, **SAID))["text"].split("\n\n")[-1].startswith("We show that a harbour model")
    lines = ["Abstract models are better than others in the harbour.", "They are small."]
    assert sandbox.pdf(pdfs.pdf(lines, **SAID))["text"].startswith("Abstract models are better")


def test_a_heading_is_no_part_of_the_sentence_below_it(sandbox):
    lines = [
        "The first part of this long text ends here, after a line that is as wide as others.",
        "2 The storms",
        "Storms came in the second year, and the model that was made for the harbour did hold.",
    ]
    assert "\n\n2 The storms\n\nStorms came" in sandbox.pdf(pdfs.pdf(lines, **SAID))["text"]
    larger = [
        (72, 700, 12, lines[0]),
        (72, 680, 15, "The storms that came to the harbour in the"),
        (72, 660, 12, "a b."),
    ]
    assert "\n\nThe storms that came to the harbour in the\n\na b." in sandbox.pdf(pdfs.placed(larger))["text"]


def test_letters_that_are_set_as_one_are_letters_and_nothing_else_changes():
    from corpus.ingest.parse.sandbox_worker.pdf_layout import LIGATURES as TABLE  # noqa: PLC0415

    assert "eﬃcient ﬁelds aﬀect 5² ½ ™ ３".translate(TABLE) == "efficient fields affect 5² ½ ™ ３"


# What it says of itself


@pytest.mark.parametrize("algorithm", ["AES-128", "AES-256", "RC4-128"])
def test_a_locked_file_that_opens_without_a_password_is_read(sandbox, algorithm):
    body = pdfs.placed(lines_down("Open models are behind."), lock=("", "secret", algorithm), **SAID)
    assert sandbox.pdf(body)["text"] == "Open models are behind."


@pytest.mark.parametrize(
    "junk", ["(unspecified)", "unspecified", "untitled", "Microsoft Word - a.docx", "anonymous", "paper.dvi", "Title"]
)
def test_what_a_program_wrote_is_no_title_no_summary_and_no_name(sandbox, junk):
    found = sandbox.pdf(pdfs.pdf(["Open models are behind."], Title=junk, Subject=junk, Author=junk))
    assert (found["title"], found["summary"], found["people"]) == ("", "", [])


def test_a_title_that_is_only_set_large_is_one(sandbox):
    page = [(72, 740, 20, "On harbour"), (72, 716, 20, "models"), *lines_down("Open models are behind.", top=680)]
    assert sandbox.pdf(pdfs.placed(page, Title="untitled"))["title"] == "On harbour models"


def test_a_dictionary_of_real_words_is_no_title_of_a_program(sandbox):
    found = sandbox.pdf(pdfs.pdf(["Open models."], Title="The unknown garden", Author="Anna Root"))
    assert (found["title"], found["people"]) == ("The unknown garden", ["Anna Root"])
