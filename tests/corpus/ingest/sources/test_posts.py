"""Folders of posts as other programs write them: all taken, each with its title, day, people and address."""

import json
from datetime import date

import pdfs
import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st
from posts import HTML, PLATFORMS, TEXT, write_folder

from corpus.ingest.parse.header_lines import split_header_lines
from corpus.ingest.parse.opening_lines import find_day_in_path, find_opening
from corpus.ingest.parse.post_fields import people_of, translate_fields
from corpus.ingest.sources.local_import import import_files
from corpus.ingest.sources.remarks import KINDS_READ, describe_remarks
from corpus.ingest.update.identify import identify_pages
from corpus.ingest.update.known_addresses import KnownAddresses


def taken(folder):
    """What a folder gives: entries by the paths of their files, and what was rejected and remarked."""
    found = import_files([folder])
    resolved = identify_pages(found, None, KnownAddresses(None))
    entries = {where.removeprefix(f"{folder}/"): entry for where, entry in resolved.entries}
    return entries, resolved, found


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_post_of_a_platform_is_taken_with_its_title_day_people_and_address(tmp_path, platform):
    files, right = PLATFORMS[platform]()
    entries, resolved, _ = taken(write_folder(tmp_path, files))
    assert resolved.rejected == ()
    said = {
        name: (e.title, str(e.published), tuple(person.name for person in e.people), e.url)
        for name, e in entries.items()
    }
    assert said == {name: tuple(post) for name, post in right.items()}
    assert all(TEXT.split("\n\n")[1] in entry.text for entry in entries.values())
    assert not any("import Chart" in entry.text for entry in entries.values())
    assert len({entry.id for entry in entries.values()}) == len(entries)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_folder_that_is_taken_in_again_changes_nothing(toy, tmp_path, platform):
    folder = write_folder(tmp_path / "posts", PLATFORMS[platform]()[0])
    first, again = toy.refresh([folder]), toy.refresh([folder])
    assert len(first.plan.new) == len(again.plan.unchanged) > 0
    assert (again.plan.new, again.plan.changed, again.plan.rejected) == ((), (), ())


def test_what_is_left_alone_is_said_and_nothing_of_it_is_a_fault(tmp_path):
    files = PLATFORMS["notes"]()[0] | {"b.css": "x", "c.css": "x", "README": "x"}
    files["odd.md"] = f"---\ntitle: Odd\ndate: 2026-05-04\nmood: calm\n---\n{TEXT}"
    files["draft.md"] = f"---\ntitle: Draft\ndate: 2026-05-04\ndraft: true\n---\n{TEXT}"
    _, resolved, found = taken(write_folder(tmp_path, files))
    assert resolved.rejected == ()
    assert describe_remarks(found.remarks) == (
        "Hidden, and not read: .obsidian.",
        f"4 files of other kinds not read (2 .css, 1 without an ending, 1 .png); {KINDS_READ}.",
        "Left out, as not published: draft.md.",
        "Fields that no entry has were passed over: 1 mood.",
    )


def test_a_refresh_says_what_was_left_alone(toy, tmp_path):
    folder = write_folder(tmp_path / "posts", PLATFORMS["jekyll"]()[0])
    report = toy.refresh([folder], dry_run=True)
    assert report.notes == ("Left out, as not published: unfinished.md, 2026-05-05-hidden.md.",)
    assert report.plan.rejected == ()


def test_two_files_of_one_name_are_two_entries_and_stay_them(toy, tmp_path):
    text = "---\ntitle: {}\ndate: 2026-05-04\n---\n{} has words of its own. {}"
    files = {f"{name}/notes.md": text.format(name, name, TEXT[: 40 * n]) for n, name in enumerate(("one", "two"), 1)}
    folder = write_folder(
        tmp_path / "posts", {**files, "one/notes.txt": "Notes\n4 May 2026\n\nPlain words of a third."}
    )
    ids = sorted(entry.id for entry in toy.refresh([folder]).plan.new)
    assert ids == ["one-notes-md", "one-notes-txt", "two-notes"]
    assert len(toy.refresh([folder]).plan.unchanged) == 3


def test_a_file_that_is_called_like_the_title_of_another_is_an_entry_by_itself(toy, tmp_path):
    files = {
        "a.md": f"---\ntitle: The harbour\ndate: 2026-05-04\nurl: https://a.example/1\n---\n{TEXT}",
        "the harbour.md": "# Quite another\n\n4 May 2026\n\nIt has words of its own, and not many of them.",
    }
    folder = write_folder(tmp_path / "posts", files)
    ids = [entry.id for entry in toy.refresh([folder]).plan.new]
    assert ids[0] == "the-harbour"
    assert ids[1].startswith("the-harbour-")
    again = toy.refresh([folder]).plan
    assert (len(again.unchanged), again.rejected) == (2, ())


def test_what_all_files_of_a_folder_share_stands_in_its_own_file(tmp_path):
    shared = (
        'source = "tide"\ntier = 1\nkind = "guide"\npeople = ["Ada Quill"]\nlicence = "CC BY 4.0"\nlanguage = "en-GB"\n'
    )
    files = {
        "footnote.toml": shared,
        "a.md": f"---\ndate: 2026-05-04\n---\n# One\n\n{TEXT}",
        "deep/b.md": f"---\ndate: 2026-05-04\nauthor: Bo Marsh\ntier: 2\n---\n# Two\n\n{TEXT}",
        "other/footnote.toml": 'source = "meadow"\n',
        "other/c.txt": f"Three\n4 May 2026\n\n{TEXT}",
    }
    entries, resolved, _ = taken(write_folder(tmp_path, files))
    told = {
        name: (e.source, e.tier, e.kind, [person.name for person in e.people], e.language)
        for name, e in entries.items()
    }
    assert told == {
        "a.md": ("tide", 1, "guide", ["Ada Quill"], "en-GB"),
        "deep/b.md": ("tide", 2, "guide", ["Bo Marsh"], "en-GB"),
        "other/c.txt": ("meadow", 1, "guide", ["Ada Quill"], "en-GB"),
    }
    assert entries["a.md"].licence == "CC BY 4.0"
    assert {source.slug: source.tier for source in resolved.sources} == {"tide": 1, "meadow": 1}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("source = \n", "it is not TOML"),
        ("tier = 9\n", "the field tier"),
        ('colour = "red"\n', "the field colour is unknown"),
        ('address = "ftp://a.example"\n', "the field address"),
    ],
)
def test_a_folder_whose_own_file_is_wrong_is_not_read_as_somebody_elses(tmp_path, written, reason):
    _, resolved, _ = taken(write_folder(tmp_path, {"footnote.toml": written, "a.md": "# A\n\n4 May 2026\n\nWords."}))
    assert resolved.entries == ()
    [rejected] = resolved.rejected
    assert rejected.where.endswith("footnote.toml")
    assert reason in rejected.reason
    assert rejected.reason.endswith("the files of its folder are not read")


def test_a_link_in_place_of_the_folders_own_file_is_not_followed(tmp_path):
    (tmp_path / "elsewhere.toml").write_text('source = "tide"\n')
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "footnote.toml").symlink_to(tmp_path / "elsewhere.toml")
    _, resolved, _ = taken(tmp_path / "posts")
    assert resolved.rejected[0].reason.startswith("is a link")


def test_files_that_do_not_say_whose_they_are_go_to_the_source_that_is_named(toy, tmp_path):
    sources = '[[source]]\nslug = "tide"\nname = "The Tide"\ntier = 2\n'
    folder = write_folder(tmp_path / "posts", {"sources.toml": sources, "a.md": f"# One\n\n4 May 2026\n\n{TEXT}"})
    report = toy.refresh([folder], source="The Tide")
    [entry] = report.plan.new
    assert (entry.id, entry.source) == ("a", "tide")
    assert toy.page("a").entry.tier == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"title": "A line", "date": "2026-05-04T10:00:00Z", "author": "Ada Quill", "content": TEXT}, ("Ada Quill",)),
        ({"headline": "A line", "datePublished": "4 May 2026", "authors": [{"name": "Bo"}], "text": TEXT}, ("Bo",)),
        ({"title": "A line", "published": "2026-05-04", "text": TEXT, "url": "https://a.example/x", "n": 1}, ()),
    ],
)
def test_a_line_of_json_lacks_what_a_post_may_lack(tmp_path, line, said):
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n")
    entries, resolved, _ = taken(tmp_path)
    assert resolved.rejected == ()
    [entry] = entries.values()
    assert (entry.id, entry.title, str(entry.published)) == ("a-line", "A line", "2026-05-04")
    assert tuple(person.name for person in entry.people) == said


def test_a_line_of_json_without_a_title_or_a_text_is_refused(tmp_path):
    lines = [
        {"date": "2026-05-04", "text": TEXT},
        {"date": "2026-05-04", "title": "A"},
        {"title": "A", "text": TEXT},
        [1],
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    _, resolved, _ = taken(tmp_path)
    assert [rejected.reason for rejected in resolved.rejected] == [
        "the field title is missing",
        "the field text is missing",
        "does not say when it was published; give it the field published",
        "is not an object with fields such as id and title",
    ]


def test_an_exported_page_of_medium_is_taken_with_the_day_of_its_name(tmp_path):
    page = (
        "<!DOCTYPE html><html><head><title>Keeping the harbour</title></head><body><article class='h-entry'><header>"
        "<h1 class='p-name'>Keeping the harbour</h1></header><section data-field='body' class='e-content'>"
        f"{HTML * 3}</section></article></body></html>"
    )
    files = {"footnote.toml": 'people = ["Ada Quill"]\n', "posts/2026-05-04_Keeping-the-harbour-0a1b2c3d.html": page}
    entries, resolved, _ = taken(write_folder(tmp_path, files))
    assert resolved.rejected == ()
    [entry] = entries.values()
    assert (entry.title, str(entry.published)) == ("Keeping the harbour", "2026-05-04")
    assert [person.name for person in entry.people] == ["Ada Quill"]


# Of a PDF


@pytest.mark.parametrize(
    ("name", "lines", "day", "noted"),
    [
        ("2026-05-04 harbour.pdf", ["Models of the harbour are good."], "2026-05-04", False),
        ("harbour.pdf", ["On harbours", "4 May 2026", "", "Models of the harbour are good."], "2026-05-04", False),
        ("harbour.pdf", ["arXiv:2605.01234v2 [cs.CL] 4 May 2026", "", "They are good."], "2026-05-04", False),
        ("harbour.pdf", ["Models of the harbour were good on 4 May 2026, we think."], "2026-10-01", True),
    ],
)
def test_the_day_on_which_a_pdf_was_made_is_taken_last_and_said(tmp_path, name, lines, day, noted):
    said = {"Title": "On harbours", "Author": "Ada Quill", "CreationDate": "D:20261001120000Z"}
    (tmp_path / name).write_bytes(pdfs.pdf(lines, **said))
    entries, _, found = taken(tmp_path)
    assert [str(entry.published) for entry in entries.values()] == [day]
    assert [note.partition(",")[0] for note in describe_remarks(found.remarks)] == (
        ["Of the day on which the PDF was made"] if noted else []
    )


# Fields, one by one


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ("Ada Quill and Bo Marsh", ["Ada Quill", "Bo Marsh"]),
        ("Ada Quill, Bo Marsh & Cy Reed", ["Ada Quill", "Bo Marsh", "Cy Reed"]),
        ("Quill, Ada", ["Ada Quill"]),
        ("admin", []),
        ("By Ada Quill <ada@a.example>", ["Ada Quill"]),
        ("[Ada Quill](https://a.example)", ["Ada Quill"]),
        (["Ada Quill", {"name": "Bo Marsh"}, {"user": "cy"}], ["Ada Quill", "Bo Marsh", "cy"]),
        ({"given": "Ada", "family": "Quill"}, ["Ada Quill"]),
        ([["Ada Quill"]], ["Ada Quill"]),  # [[Ada Quill]] without quotes
        ({"first_name": "Ada", "last_name": "Quill"}, ["Ada Quill"]),
        (
            [{"name": {"first": "Bo", "last": "Marsh"}}, {"given-name": "Ada", "surname": "Quill"}],
            ["Bo Marsh", "Ada Quill"],
        ),
        ("https://a.example", []),
        (7, []),
        ([None, [], {}, ""], []),
        ("x" * 101, []),
    ],
)
def test_people_are_named_in_many_ways(value, names):
    assert [person["name"] for person in people_of(value)] == names


@pytest.mark.parametrize(
    "text",
    [
        f"Title: A header\nDate: 2026-05-04 10:20\nAuthor: Ada Quill\nCategory: ships\n\n{TEXT}",
        f'+++\ntitle = "A header"\ndate = 2026-05-04\n[extra]\nauthor = "Ada Quill"\n+++\n{TEXT}',
        f'+++\ntitle = "A header"\ndate = 2026-05-04\n[params.author]\nname = "Ada Quill"\n+++\n{TEXT}',
        f"---\ntitle: A header\ndate: 2026-5-4\nauthor: [[Ada Quill]]\n---\n{TEXT}",
        f"# A header\n\n<small>Published May 4, 2026.</small>\n\nBy **Ada Quill**\n\n{TEXT}",
        f"A header\n========\n\n*Ada Quill · 4 May 2026 · 5 min read*\n\n{TEXT}",
    ],
    ids=["header of lines", "extra", "params", "list", "small", "underlined"],
)
def test_a_post_says_its_title_day_and_author_in_yet_another_way(tmp_path, text):
    entries, resolved, _ = taken(write_folder(tmp_path, {"a.md": text}))
    assert resolved.rejected == ()
    [entry] = entries.values()
    assert (entry.title, str(entry.published)) == ("A header", "2026-05-04")
    assert [person.name for person in entry.people] == ["Ada Quill"]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.md", "Title: A head\nDate: 2026-05-04 10:20\nModified: 2026-06-01\nAuthor: Ada Quill\nTags: a,\n  b\n\n"),
        ("a.md", "title: A head\ndate: 2026/05/04 10:20:00\nauthor: Ada Quill\ntags:\n- ships\n- tides\n---\n\n"),
        ("a.md", "<!--\n.. title: A head\n.. date: 2026-05-04 10:20:00 UTC+02:00\n.. author: Ada Quill\n-->\n\n"),
        ("a.txt", ("From: Ada Quill <ada@x.example>\nTo: ships@x.example\nDate: Mon, 4 May 2026 10:20:00 +0200\n"
                  "Subject: A head\nMessage-ID: <7@x.example>\n\n")),
        ("a.txt", ("From ada at x.example  Mon May  4 10:20:00 2026\nFrom: ada at x.example (Ada Quill)\n"
                  "Date: Mon, 4 May 2026 10:20:00 +0200\nSubject: A\n head\n\n")),
        ("a.txt", "From: =?utf-8?q?Ada_Quill?= <ada@x.example>\nSubject: =?utf-8?b?QSBoZWFk?=\nDate: 4 May 2026\n\n"),
        ("a.txt", "Title: A head\r\nAuthor: Ada Quill\r\nDate: May 4, 2026\r\n\r\n"),
    ],
    ids=["Pelican", "Hexo", "Nikola", "mail", "archived mail", "encoded mail", "text"],
)  # fmt: skip
def test_a_head_of_lines_is_read_as_front_matter_and_is_no_part_of_the_text(tmp_path, name, head):
    entries, resolved, _ = taken(write_folder(tmp_path, {name: head + TEXT}))
    assert resolved.rejected == ()
    [entry] = entries.values()
    assert (entry.title, str(entry.published), entry.text) == ("A head", "2026-05-04", TEXT)
    assert [person.name for person in entry.people] == ["Ada Quill"]


@pytest.mark.parametrize(
    "text",
    [
        "Note: the harbour is full.\nWarning: it is cold.\n\nMore words.",
        "Title: a line, and no day\n\nMore words.",
        "Ada: What of the date: is it known?\nBo: It is not.\n\nAda: Then no.",
        "From: the harbour\nthis is a letter, and no mail.\n\nSubject: none.",
        "title: a\nwords that are no field\n---\nMore words.",
        "<!-- a remark of the author -->\n\nWords.",
    ],
)
def test_lines_with_colons_are_no_head_where_they_do_not_say_what_a_head_says(text):
    assert split_header_lines(text) == (None, text)


@pytest.mark.parametrize(
    ("language", "title", "line", "day", "people"),
    [
        ("de", "Über Häfen", "Von Ada Quill, 4. Mai 2026", "2026-05-04", ["Ada Quill"]),
        ("de", "Über Häfen", "Ada Quill, 4.5.2026", "2026-05-04", ["Ada Quill"]),
        ("fr", "Des ports", "Par Ada Quill, le 4 mai 2026", "2026-05-04", ["Ada Quill"]),
        ("es", "Los puertos", "Por Ada Quill y Bo Marsh · 4 de mayo de 2026", "2026-05-04", ["Ada Quill", "Bo Marsh"]),
        ("pt", "Os portos", "Publicado em 4 de maio de 2026", "2026-05-04", []),
        ("pl", "Porty", "Autor: Ada Quill, 4 maja 2026", "2026-05-04", ["Ada Quill"]),
        ("ru", "Порты", "Автор: Иван Петров, 4 мая 2026 г.", "2026-05-04", ["Иван Петров"]),
        ("ja", "港", "山田太郎 2026年5月4日", "2026-05-04", ["山田太郎"]),
        ("zh", "港口", "作者：李明 2026年5月4日", "2026-05-04", ["李明"]),
        ("sv", "Hamnar", "måndag 4 maj 2026", "2026-05-04", []),
        ("en", "Ports", "4/5/2026", None, []),  # a guess
        ("de", "Häfen", "Aktualisiert am 4. Mai 2026", None, []),
        ("fr", "Des ports", "Mis à jour le 4 mai 2026", None, []),
        ("de", "Häfen", "Am 4. Mai 2026 hat die Stadt den Hafen ganz geschlossen, und alle gingen.", None, []),
        ("en", "By Sheer Luck", "4 May 2026", "2026-05-04", []),  # a title is no byline
    ],
)
def test_the_line_below_a_title_says_day_and_names_in_any_language(language, title, line, day, people):
    for text, is_markdown in ((f"# {title}\n\n{line}\n\n{TEXT}", True), (f"{title}\n\n{line}\n\n{TEXT}", False)):
        opening = find_opening(text, is_markdown=is_markdown, language=language)
        assert (opening.title, opening.day or None, list(opening.people)) == (title, day, people)


def test_a_plain_text_has_its_title_name_and_day_in_three_lines(tmp_path):
    entries, _, _ = taken(write_folder(tmp_path, {"a.txt": f"On harbours\nAda Quill\n4 May 2026\n\n{TEXT}"}))
    [entry] = entries.values()
    assert (entry.title, str(entry.published)) == ("On harbours", "2026-05-04")
    assert [person.name for person in entry.people] == ["Ada Quill"]


@pytest.mark.parametrize(
    ("name", "head", "lines"),
    [
        ("a.md", "# On harbours\n\nBy Ada Quill, 4 May 2026\n\n", ["By Ada Quill, 4 May 2026"]),
        ("a.md", "# On harbours\n\nCreated: May 4, 2026 10:20 AM\nAuthor: Ada Quill\n\n",
         ["Created: May 4, 2026 10:20 AM Author: Ada Quill"]),
        ("a.txt", "On harbours\nAda Quill\n4 May 2026\n\n", ["On harbours", "Ada Quill", "4 May 2026"]),
        ("a.txt", "On harbours\n===========\n\n4 May 2026\n\n", ["On harbours", "===========", "4 May 2026"]),
        ("a.md", "---\ntitle: On harbours\ndate: 2026-05-04\n---\n", []),
    ],
    ids=range(5),
)  # fmt: skip
def test_the_lines_above_a_text_stay_in_it_and_are_not_quoted(tmp_path, name, head, lines):
    entries, _, _ = taken(write_folder(tmp_path, {name: f"{head}It stands.\n\n{TEXT}"}))
    [entry] = entries.values()
    captions = [entry.text[block.start : block.end] for block in entry.blocks if block.kind == "caption"]
    assert captions == lines
    assert "It stands." in entry.text


def test_front_matter_that_holds_nothing_is_none(tmp_path):
    files = {
        "a.md": f"---\n---\n\n# One\n\nMay 4, 2026\n\n{TEXT}",
        "b.md": f"---\n# nothing yet\n---\n\n# Two\n\nMay 4, 2026\n\n{TEXT}",
    }
    entries, resolved, _ = taken(write_folder(tmp_path, files))
    assert resolved.rejected == ()
    assert [entries[name].title for name in files] == ["One", "Two"]


def test_who_speaks_in_a_talk_stands_in_fields_of_their_own():
    given = translate_fields({"title": "A talk", "host": "Cy Wren", "guests": ["Bo Marsh", {"name": "Ada Quill"}]})
    assert given.given["people"] == [
        {"name": "Cy Wren", "role": "host"},
        {"name": "Bo Marsh", "role": "guest"},
        {"name": "Ada Quill", "role": "guest"},
    ]
    assert given.unknown == ()
    assert "people" not in translate_fields({"host": "localhost", "guest": True}).given


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"date": {"created": date(2026, 5, 4), "updated": date(2026, 6, 1)}}, "2026-05-04"),
        ({"date": "04.05.2026", "lang": "de"}, "2026-05-04"),
        ({"date": "04/05/2026", "language": "fr-FR"}, "2026-05-04"),
        ({"postedAt": "2026-05-04T10:20:00Z"}, "2026-05-04"),
        ({"date": "04.05.2026"}, None),  # of no known language
        ({"date": "2026-05-04 10:00:00 +0200"}, "2026-05-04"),
        ({"published_at": "2026-05-04T23:59:59-08:00"}, "2026-05-04"),
        ({"date": "Mon, 4 May 2026"}, "2026-05-04"),
        ({"created": "2026-06-01", "pubDate": "2026-05-04"}, "2026-05-04"),
        ({"published": True, "date": "2026-05-04"}, "2026-05-04"),
        ({"date": 20260504}, "2026-05-04"),
        ({"date": "05/06/2026"}, None),  # a guess
        ({"date": "2026-05"}, None),
        ({"lastmod": "2026-05-04"}, None),  # told as such
    ],
)
def test_a_day_is_written_in_many_ways_and_none_is_guessed(fields, day):
    assert translate_fields(fields).given.get("published") == day


def test_the_day_of_the_last_change_is_taken_only_where_nothing_else_says_one_and_is_said(tmp_path):
    files = {
        "a.md": f"---\nlastmod: 2026-05-04\n---\n# One\n\n{TEXT}",
        "2026-04-01-b.md": f"---\nlastmod: 2026-05-04\n---\n# Two\n\n{TEXT}",
    }
    entries, _, found = taken(write_folder(tmp_path, files))
    assert [str(entries[name].published) for name in files] == ["2026-05-04", "2026-04-01"]
    [note] = describe_remarks(found.remarks)
    assert note.startswith("Of the day of the last change, for want of another: a.md.")


@pytest.mark.parametrize(
    "text",
    [
        "The harbour opened on 4 May 2026, and it was full. " + TEXT,
        f"# A title\n\nLast updated: 4 May 2026\n\n{TEXT}",
        f"# A title\n\nIt was on 4 May 2026 and on 5 May 2026 that the harbour opened.\n\n{TEXT}",
        f"# A title\n\n{TEXT}\n\n4 May 2026\n",
    ],
    ids=["in a sentence", "of a change", "of two", "at the end"],
)
def test_a_date_in_a_text_is_not_its_day(tmp_path, text):
    _, resolved, _ = taken(write_folder(tmp_path, {"a.md": text}))
    assert [rejected.reason.partition(";")[0] for rejected in resolved.rejected] == [
        "does not say when it was published"
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from("title date author authors url slug lang draft source id people published rights".split())


@quick
@given(st.dictionaries(FIELDS | st.text(max_size=10), VALUES, max_size=8))
def test_fields_of_any_kind_are_translated(fields):
    assert isinstance(translate_fields(fields, "https://a.example/").given, dict)


@quick
@given(st.text("# \n=-*_,.|:<!>ABab4 May20267年月日by", max_size=200) | st.text(max_size=200), st.booleans())
def test_first_lines_of_any_kind_are_read(text, is_markdown):
    assert isinstance(find_opening(text, is_markdown=is_markdown).day, str)
    assert isinstance(find_day_in_path(text), str)
    assert split_header_lines(text).body in text


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill, " * 50_000,
        "# " * 200_000,
        "A\n" * 200_000,
        "by A B " * 60_000,
        "4 May " * 80_000,
        "a: b\n" * 100_000,
        "<!--\n" + ".. \n" * 100_000,
        "From: a\n" + " b\n" * 100_000,
        "\n" * 400_000,
        "- a\n" * 100_000,
    ],
)
def test_a_long_text_is_read_no_further_than_its_first_lines(text):
    split_header_lines(text)
    find_opening(text)
    find_opening(text, is_markdown=False)
