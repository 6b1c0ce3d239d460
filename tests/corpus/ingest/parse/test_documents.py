"""Files of plain text, HTML and PDF become entries: what they do not say of themselves stands above or beside them."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pdfs
import platforms
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web import BODY, TEXT

from corpus.ingest.parse.document import Document
from corpus.ingest.parse.documents import read_file
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import WebPage
from corpus.ingest.sources.local_files import read_documents
from corpus.ingest.sources.local_import import import_files
from corpus.ingest.update.identify import Known, place
from corpus.models.entries import Person, Section
from corpus.models.sources import Source

FRONT = "title: Notes on gardens\npublished: 2026-05-04\n"
WORDS = [
    "Open models grow where nobody planned a bed for them. That is the first exam-",
    "ple of it, and not the last.",
]
DAY = date(2026, 6, 1)
NOBODY = Known({}, frozenset(), {}, lambda _: None)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def read(tmp_path, sandbox):
    """What a file is read as; `beside`: what stands in the file beside it."""

    def read(name, content, beside=None):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        if beside is not None:
            (tmp_path / f"{name}.yaml").write_text(beside)
        (document,) = read_documents([tmp_path / name])
        return read_file(document, sandbox, DAY)

    return read


def entry(found, known=NOBODY):
    assert isinstance(found, WebPage), found
    return place(found, known)[0]


def refusal(found):
    assert isinstance(found, NotAnEntry), found
    return str(found)


@pytest.mark.parametrize(("above", "beside"), [(f"---\n{FRONT}---\n", None), ("", FRONT)])
def test_plain_text_is_an_entry_with_what_stands_above_or_beside_it(read, above, beside):
    text = "Open  models\n\tgrow. # No heading\n\nÖfter."
    found = entry(read("My notes.txt", f"\ufeff{above}\n\n{text}\n\n", beside))
    assert found.text == text
    assert (found.id, found.title, found.published, found.url) == (
        "my-notes",
        "Notes on gardens",
        date(2026, 5, 4),
        None,
    )
    assert (found.source, found.tier, found.kind, found.wording, found.people) == ("files", 3, "event", "author", ())


def test_a_file_that_says_where_it_stands_on_the_web_is_that_page(read):
    page = platforms.static().replace(
        "</head>", '<link rel="canonical" href="https://www.a.example/p/x?utm_source=y"></head>'
    )
    found, source = place(read("x.html", page), NOBODY)
    assert (found.url, found.id) == ("https://www.a.example/p/x", "small-models-large-gardens")
    assert (source.slug, source.tier) == ("a.example", 3)
    known = Known({"a.example/p/x?": "x"}, {"x"}, {}, lambda _: None)
    assert entry(read("y.html", page), known).id == "x"
    given = read("z.html", page, "url: https://b.example/z\nsource: b\n")
    found, source = place(given, Known({}, {}, {"b": Source("b", "B", 1)}, lambda _: None))
    assert (found.url, found.source, found.tier, source.name) == ("https://b.example/z", "b", 1, "B")


@pytest.mark.parametrize("shape", platforms.SHAPES.values(), ids=platforms.SHAPES)
def test_an_html_file_is_read_as_the_page_would_be(read, shape):
    found = entry(read("gardens.html", shape()))
    assert (found.text, found.title, found.published) == (TEXT, "Small models, large gardens", date(2026, 5, 4))
    assert (found.sections, found.people) == ((Section(98, "The edges"),), (Person("Ada Quill", "author"),))


def test_what_stands_above_a_page_written_by_hand_counts_for_more_than_what_it_says(read):
    page = f"---\n{FRONT}source: ledger\ntier: 2\nlanguage: en\nid: own\n---\n<html><body><h1>Its title</h1>{BODY}"
    found = entry(read("gardens.htm", page))
    assert (found.text, found.id, found.title) == (TEXT, "own", "Notes on gardens")
    assert (found.source, found.tier, found.language, found.sections) == (
        "ledger",
        2,
        "en",
        (Section(98, "The edges"),),
    )


def test_a_page_in_an_old_character_set_is_read_in_it(read):
    page = platforms.static().replace("utf-8", "iso-8859-1").replace("Ada Quill", "Ådä Quill").encode("latin-1")
    assert entry(read("gardens.html", page)).people == (Person("Ådä Quill", "author"),)


def pages(*texts):
    return [["The Ledger, 7 May", "", *text, f"Page {n} of {len(texts)}"] for n, text in enumerate(texts, start=1)]


def test_a_pdf_is_an_entry_without_what_stands_on_each_of_its_pages(read):
    first = ["1 The edges", *WORDS, "", "At the edges an open-weight garden is small. It is light there, and an open-"]
    body = pdfs.pdf(
        *pages(first, ["weight model lives in it.", "• One point"], ["• Another", "The end."]),
        outline=[("The Edges", 0)],
        xmp=pdfs.XMP,
    )
    found = entry(read("gardens.pdf", body))
    assert found.text.split("\n\n") == [
        "1 The edges",
        "Open models grow where nobody planned a bed for them. That is the first example of it, and not the last.",
        "At the edges an open-weight garden is small. It is light there, and an open-weight model lives in it.",
        "• One point",
        "• Another The end.",
    ]
    assert (found.id, found.title, found.published) == ("gardens", "Small models, large gardens", date(2026, 3, 9))
    assert found.people == (Person("Ada Quill", "author"), Person("Béla Inkwell", "author"))
    assert (found.language, found.licence) == ("en-GB", "https://creativecommons.org/licenses/by/4.0/")
    assert found.sections == (Section(0, "1 The edges"),)


def test_a_pdf_says_who_wrote_it_in_one_line(read):
    said = {
        "Title": "The gap",
        "Author": "Ada Quill, Bela Inkwell and Quill, Cy",
        "CreationDate": "D:20260504130211+02'00'",
    }
    found = entry(read("gap.pdf", pdfs.pdf(WORDS, **said)))
    assert [person.name for person in found.people] == ["Ada Quill", "Bela Inkwell", "Cy Quill"]
    assert (found.title, found.published) == ("The gap", date(2026, 5, 4))


@pytest.mark.parametrize(
    ("name", "content", "beside", "said"),
    [
        (
            "a.txt",
            "Words.",
            None,
            "does not say when it was published; write published: 2026-06-01 into front matter at its top, or into a.",
        ),
        ("a.txt", "Words.", "title: A\n", "does not say when it was published; write published: 2026-06-01 into front"),
        (
            "a.txt",
            f"---\n{FRONT}---\nWords.",
            "title: Others\n",
            "says two things of its title: at its top, and in a.txt.yaml",
        ),
        ("a.txt", "Words.", "title: [\n", "has broken front matter"),
        ("a.txt", "Words.", "text: no\n", "has a field text in its front matter"),
        ("a.txt", "Words.", "a: &a [1]\nb: *a\n", "an alias (*) or a tag (!)"),
        ("a.html", "", None, "is empty"),
        ("a.html", "<html><body><script>x</script>", None, "holds no text that can be read"),
        ("a.html", pdfs.pdf(WORDS), None, "is a PDF file"),
        ("a.html", "<html>" + "<br>x" * 100_001, None, "is too large a page"),
        (
            "a.pdf",
            pdfs.pdf(WORDS, Title="Microsoft Word - a.docx"),
            None,
            "does not say when it was published; write published: 2026-06-01 into a.pdf.yaml beside it",
        ),
        ("a.pdf", pdfs.pdf(WORDS), "title: A\n", "published: 2026-06-01 into a.pdf.yaml beside it"),
        ("a.pdf", pdfs.pdf(WORDS, CreationDate="D:20990101"), "title: A\n", "does not say when it was published"),
        ("a.pdf", pdfs.pdf(WORDS, CreationDate="D:20261350"), "title: A\n", "does not say when it was published"),
        ("a.pdf", pdfs.pdf(WORDS, locked_with="secret"), None, "is locked with a password; save it without one"),
        ("a.pdf", pdfs.pdf([]), FRONT, "shows pictures of its pages and holds no text; run text recognition over it"),
        ("a.pdf", pdfs.pdf(WORDS)[:600], FRONT, "is no PDF that can be read, or a broken one"),
        (
            "a.pdf",
            b"%PDF-1.7\n" + b"1 0 obj<</Type/Pages/Kids[1 0 R]/Count 99999999>>endobj\n" * 99,
            FRONT,
            "is no PDF that",
        ),
        ("a.pdf", "Words.", FRONT, "is no PDF that can be read"),
    ],
    ids=range(19),
)
def test_a_file_that_is_no_entry_says_why_and_what_to_do(read, name, content, beside, said):
    assert said in refusal(read(name, content, beside))


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("tier: 9\n", "the field tier"),
        ("id: a b\n", "the field id"),
        ("source: [1]\n", "the field source"),
        ("source: A B\n", "the field source"),
        ("url: javascript:x\n", "the field url"),
        ("url: 7\n", "the field url"),
        ("people: [{name: Ada, role: king}, 7]\n", "the field people"),
        ("published: soon\n", "the field published"),
        ("sections: [{start: 99, title: A}]\n", "the field sections begins behind the end of the text"),
        ("language: 7\n", "the field language"),
    ],
    ids=range(10),
)
def test_what_is_wrong_beside_a_file_is_named_as_in_front_matter(read, beside, said):
    fields = "".join(line + "\n" for line in FRONT.splitlines() if line.split(":")[0] != beside.split(":")[0])
    with pytest.raises(NotAnEntry) as caught:
        place(read("a.txt", "Words.", fields + beside), NOBODY)
    assert said in str(caught.value)


@pytest.mark.parametrize("beside", ["colour: red\n", "id: 7\n", "people: Ada\n", "title: ''\n", "url: /a/\n"])
def test_what_other_programs_write_beside_a_file_does_not_keep_it_out(read, beside):
    fields = "".join(line + "\n" for line in FRONT.splitlines() if line.split(":")[0] != beside.split(":")[0])
    found = read("a.txt", "Words.", fields + beside)
    assert entry(found).text == "Words."
    assert [remark.value for remark in found.remarks] == (["colour"] if "colour" in beside else [])


def test_a_file_is_known_again_by_its_name_and_takes_no_entry_of_the_web(read):
    found = read("notes.txt", "Words.", FRONT)
    first = entry(found)
    again = Known({}, {first.id}, {}, {first.id: first}.get)
    assert entry(found, again).id == "notes"
    from_web = place(found, NOBODY)[0].__class__(
        **{f: getattr(first, f) for f in first.__slots__} | {"url": "https://a.example/n"}
    )
    other = entry(found, Known({}, {"notes"}, {}, {"notes": from_web}.get))
    assert other.id.startswith("notes-")
    assert entry(found, Known({}, {"notes", other.id}, {}, {"notes": from_web, other.id: other}.get)).id == other.id


def test_an_entry_that_was_archived_without_its_language_stays_as_it_was_until_its_text_changes(read):
    text = "Die Stadt hat das offene Modell abgelehnt, weil der Hafen es nicht brauchte. Es kam im Herbst zurück."
    found = read("kran.txt", text, FRONT)
    assert entry(found).language == "de"
    former = replace(entry(found), language=None)
    known = Known({}, {former.id}, {}, {former.id: former}.get)
    assert entry(found, known) == former
    assert entry(read("kran.txt", f"{text} Und nun?", FRONT), known).language == "de"


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.sampled_from(["text", "page", "pdf"]),
    st.binary(max_size=80) | st.text(max_size=80).map(str.encode),
    st.sampled_from(["", FRONT, "id: x\n" + FRONT]) | st.text(max_size=40),
)
def test_any_bytes_are_a_page_or_refused(sandbox, kind, content, beside):
    start = {"text": b"", "page": b"<html><body><p>Words.</p>", "pdf": pdfs.pdf(WORDS)[:-40]}[kind]
    text = content.decode("utf-8", "ignore")
    found = read_file(Document("/a/b.c", kind, text, start + content, beside), sandbox, DAY)
    with suppress(NotAnEntry):  # the fields are checked all together
        assert isinstance(found, NotAnEntry) or place(found, NOBODY)[0].text


def test_a_folder_is_read_with_all_its_files_and_one_beside_nothing_is_told(tmp_path):
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "a.txt.yaml").write_text(FRONT)
    (tmp_path / "b.pdf").write_bytes(b"no")
    (tmp_path / "c.html.yaml").write_text(FRONT)
    (tmp_path / "d.HTML").write_text(platforms.hub())
    (tmp_path / "e.txt").write_bytes(b"\xff")
    (tmp_path / "f.txt").write_text("Words.")
    (tmp_path / "f.txt.yaml").write_bytes(b"\xff")
    found = import_files([tmp_path])
    assert [page.url for page in found.pages] == [str(tmp_path / "a.txt"), str(tmp_path / "d.HTML")]
    assert {r.where.rpartition("/")[2]: r.reason.partition(";")[0] for r in found.rejected} == {
        "b.pdf": "is no PDF that can be read, or a broken one",
        "c.html.yaml": "stands beside no c.html",
        "e.txt": "is not UTF-8 text (byte 0)",
        "f.txt.yaml": "is not UTF-8 text (byte 0)",
    }


def test_a_file_that_is_too_large_to_be_taken_apart_is_told(tmp_path):
    with (tmp_path / "a.html").open("wb") as file:
        file.truncate(10_000_001)
    assert import_files([tmp_path]).rejected[0].reason == "is larger than 10 MB; split it"
