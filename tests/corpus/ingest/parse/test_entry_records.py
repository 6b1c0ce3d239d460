"""Text from outside becomes an entry, or a reason that names the field and says what to do. Nothing else escapes."""

import json
from datetime import date

import pytest
import yaml
from build import quick
from hypothesis import given
from hypothesis import strategies as st
from reading import parse_markdown

from bot.contract.results import record_json
from corpus.ingest.parse.entry_records import EntryRecord, parse_json_line, parse_sources
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.url_pattern import address_pattern
from corpus.models.entries import Entry, Person, Section
from corpus.models.sources import Source

FIELDS = {
    "id": "gap",
    "source": "interconnects",
    "kind": "event",
    "tier": 2,
    "url": "https://example.org/gap",
    "title": "The gap",
    "people": [{"name": "Nathan Lambert", "role": "author"}, {"name": "Dean W. Ball", "role": "guest"}],
    "published": "2026-06-01",
    "summary": "On the gap.",
    "text": "Open models are behind.\n\nThe gap is six months.",
    "access": "teaser",
    "wording": "summary",
    "language": "en-GB",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "sections": [{"start": 0, "title": "Where we are"}],
}
ENTRY = Entry(
    id="gap",
    source="interconnects",
    kind="event",
    tier=2,
    url="https://example.org/gap",
    title="The gap",
    people=(Person("Nathan Lambert", "author"), Person("Dean W. Ball", "guest")),
    published=date(2026, 6, 1),
    summary="On the gap.",
    text="Open models are behind.\n\nThe gap is six months.",
    access="teaser",
    wording="summary",
    language="en-GB",
    licence="https://creativecommons.org/licenses/by/4.0/",
    sections=(Section(0, "Where we are"),),
)
FRONT = """\
id: gap
source: interconnects
kind: event
tier: 2
title: The gap
people: []
published: 2026-06-01
"""
SOURCE = '[[source]]\nslug = "interconnects"\nname = "Interconnects"\ntier = 2\n'
MAPPED = SOURCE + 'sitemap = "https://example.org/sitemap.xml"\n'

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)  # surrogates and controls too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


def line(**changes):
    return json.dumps({**FIELDS, **changes})


def page(front=FRONT, body="Open models are behind."):
    return f"---\n{front}---\n{body}"


def refusal(parse, text):
    with pytest.raises(NotAnEntry) as caught:
        parse(text)
    return str(caught.value)


def outcome(parse, text):
    """The parsed value or the refusal; any other exception fails the test."""
    try:
        return parse(text)
    except NotAnEntry as reason:
        return reason


# What is taken


def test_a_json_line_becomes_an_entry_with_every_field_as_it_was_written():
    assert parse_json_line(line()) == ENTRY


def test_front_matter_and_its_body_become_the_same_entry_as_the_json_line():
    front = yaml.safe_dump({name: value for name, value in FIELDS.items() if name != "text"})
    assert parse_markdown(page(front, FIELDS["text"])) == ENTRY


def test_an_entry_is_the_authors_full_text_without_address_or_summary_unless_it_says_otherwise():
    found = parse_markdown(page())
    assert (found.access, found.wording, found.url, found.summary) == ("full", "author", None, "")


def test_blank_lines_around_the_body_are_not_part_of_the_text_and_those_inside_are():
    assert parse_markdown(page(body="\n\n  First.\n\nSecond.\n\n\n")).text == "First.\n\nSecond."


def test_a_rule_of_dashes_in_the_body_does_not_end_it():
    assert parse_markdown(page(body="First.\n\n---\n\nSecond.")).text == "First.\n\nSecond."


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t + "\n"])
def test_a_file_saved_on_windows_is_the_same_entry(change):
    assert parse_markdown(change(page(body="One.\n\nTwo."))) == parse_markdown(page(body="One.\n\nTwo."))


def test_a_json_line_may_end_in_a_carriage_return():
    assert parse_json_line(line() + "\r") == ENTRY


def test_spaces_around_a_title_and_a_name_are_dropped():
    found = parse_json_line(line(title="  The gap ", people=[{"name": " Zoë ", "role": "host"}]))
    assert (found.title, found.people[0].name) == ("The gap", "Zoë")


@pytest.mark.parametrize(
    "text", ["x", "开放模型会赶上吗？", "🙂 emoji 👩‍👩‍👧", "line\u2028separator", "right-to-left: שלום"]
)
def test_any_script_is_taken_exactly(text):
    assert parse_json_line(line(text=text, title=text.replace("\u2028", " "))).text == text


# What is refused, and what is said about it


@pytest.mark.parametrize("name", [n for n, field in EntryRecord.model_fields.items() if field.is_required()])
def test_a_missing_field_is_named(name):
    fields = {n: value for n, value in FIELDS.items() if n != name}
    assert refusal(parse_json_line, json.dumps(fields)) == f"the field {name} is missing"


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"kind": "essay"}, "kind", "should be 'event' or 'guide'"),
        ({"access": "half"}, "access", "should be 'full' or 'teaser'"),
        ({"wording": "mine"}, "wording", "should be 'author' or 'summary'"),
        ({"tier": 0}, "tier", "greater than or equal to 1"),
        ({"tier": 4}, "tier", "less than or equal to 3"),
        ({"tier": "2"}, "tier", "should be a valid integer"),
        ({"tier": 2.0}, "tier", "should be a valid integer"),
        ({"tier": True}, "tier", "should be a valid integer"),
        ({"tier": float("nan")}, "tier", "should be a valid integer"),
        ({"tier": float("inf")}, "tier", "should be a valid integer"),
        ({"tier": 10**4000}, "tier", "less than or equal to 3"),
        ({"title": None}, "title", "is no text; put quotes around it"),
        ({"title": " \t"}, "title", "write it as plain text"),
        ({"title": "  "}, "title", "is empty"),
        ({"title": "two\nlines"}, "title", "line break"),
        ({"title": "separator\u2028in it"}, "title", "line break"),
        ({"title": "\u202eeltit"}, "title", "reorders text"),
        ({"title": "\u2066isolated\u2069"}, "title", "reorders text"),
        ({"title": "NUL\0"}, "title", "control character"),
        ({"title": "\x1b[31mred"}, "title", "control character"),
        ({"title": "half \ud83d"}, "title", "write it as plain text"),
        ({"title": "x" * 501}, "title", "at most 500"),
        ({"people": None}, "people", "should be a valid list"),
        ({"people": ["Nathan Lambert"]}, "people.0", "should be a valid dictionary"),
        ({"people": [{"name": "A"}]}, "people.0.role", "is missing"),
        ({"people": [{"name": "A", "role": "editor"}]}, "people.0.role", "'author', 'host' or 'guest'"),
        ({"people": [{"name": "", "role": "host"}]}, "people.0.name", "is empty"),
        ({"people": [{"name": "\u202eA", "role": "host"}]}, "people.0.name", "reorders text"),
        ({"people": [{"name": "A", "role": "host", "mail": "a@b"}]}, "people.0.mail", "is unknown; take it out"),
        ({"people": [{"name": "A", "role": "host"}] * 51}, "people", "at most 50"),
        ({"published": "June 2026"}, "published", "write it as in 2026-06-01"),
        ({"published": "2026-06-01T10:00:00"}, "published", "write it as in 2026-06-01"),
        ({"published": "2026-6-1"}, "published", "write it as in 2026-06-01"),
        ({"published": "2026-02-30"}, "published", "should be a valid date"),
        ({"published": "0000-01-01"}, "published", "should be a valid date"),
        ({"published": 1_780_272_000}, "published", "write it as in 2026-06-01"),
        ({"published": True}, "published", "write it as in 2026-06-01"),
        ({"published": None}, "published", "write it as in 2026-06-01"),
        ({"summary": None}, "summary", "is no text; put quotes around it"),
        ({"summary": "NUL\0"}, "summary", "save it as UTF-8"),
        ({"summary": "x" * 20_001}, "summary", "at most 20000"),
        ({"text": ""}, "text", "an entry needs it"),
        ({"text": " \n\u3000\n"}, "text", "an entry needs it"),
        ({"text": "NUL\0"}, "text", "save it as UTF-8"),
        ({"text": "half \ud83d"}, "text", "half of a surrogate pair"),
        ({"text": ["a", "b"]}, "text", "is no text; put quotes around it"),
        ({"id": ""}, "id", "may not hold white space"),
        ({"id": "two words"}, "id", "may not hold white space"),
        ({"id": "a/b"}, "id", "may not hold white space"),
        ({"id": "../../etc"}, "id", "may not hold white space"),
        ({"id": "a\u202eb"}, "id", "reorders text"),
        ({"id": "x" * 201}, "id", "at most 200"),
        ({"source": "Inter Connects"}, "source", "write it in small letters"),
        ({"source": ""}, "source", "write it in small letters"),
        ({"autor": "N. Lambert"}, "autor", "is unknown; take it out"),
        ({"embedding": [0.1]}, "embedding", "is unknown; take it out"),
    ],
)
def test_a_wrong_field_is_named_with_what_to_do(changes, field, remedy):
    said = refusal(parse_json_line, line(**changes))
    assert f"the field {field}" in said
    assert remedy in said


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org/a/b?c=d&e=%20#f",
        "https://example.org:8443/x",
        "https://sub.example.org/p/größe",
        "https://[2001:db8::1]/x",
        None,
    ],
)
def test_a_web_address_is_taken_as_it_stands(url):
    assert parse_json_line(line(url=url)).url == url


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("javascript:alert(1)", "should look like https://"),
        ("JavaScript:alert(1)//https://example.org", "should look like https://"),
        ("data:text/html,hello", "should look like https://"),
        ("file:///etc/passwd", "should look like https://"),
        ("ftp://example.org/x", "should look like https://"),
        ("//example.org/x", "should look like https://"),
        ("example.org", "should look like https://"),
        ("https://", "should look like https://"),
        ("https:///path", "should look like https://"),
        ("https://?q", "should look like https://"),
        ("https://[::1", "should look like https://"),
        ("https://example.org:99999/", "should look like https://"),
        ("https://example.org:port/", "should look like https://"),
        ("https://example.org:0/", "should look like https://"),
        ("https://user:secret@example.org/", "take it out"),
        ("https://user@example.org/", "take it out"),
        ("https://@example.org/", "take it out"),
        ("https://example.org\\@evil.example/", "a space or a character"),
        ("https://evil.example\\.example.org/", "a space or a character"),
        ("https://.", "should look like https://"),
        ("https://example..org/", "should look like https://"),
        ("https://example%2eorg/", "should look like https://"),
        (" https://example.org", "a space or a character"),
        ("https://example.org/a b", "a space or a character"),
        ("https://example.org/\nx", "a space or a character"),
        ("https://example.org/\u202egpj.exe", "a space or a character"),
        ("https://exa\u200bmple.org/", "a space or a character"),
        ("https://example.org/><b>", "a space or a character"),
        ("https://example.org/\0", "a space or a character"),
        ("https://example.org/" + "x" * 2000, "at most 2000"),
        ("", "should look like https://"),
    ],
)
def test_an_address_that_no_link_may_carry_is_refused(url, remedy):
    said = refusal(parse_json_line, line(url=url))
    assert "the field url" in said
    assert remedy in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("not json", "each line must be one JSON object"),
        (line() + line(), "each line must be one JSON object"),
        (line()[:-1], "each line must be one JSON object"),
        ("\0", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"tier": ' + "9" * 5000 + "}", "is not JSON"),
        ("1", "is not an object with fields"),
        ("null", "is not an object with fields"),
        ('"text"', "is not an object with fields"),
        (json.dumps([FIELDS]), "is not an object with fields"),
    ],
    ids=range(11),
)
def test_a_line_that_is_no_json_object_is_refused(text, said):
    assert said in refusal(parse_json_line, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begin it with a line ---"),
        ("Open models are behind.", "begin it with a line ---"),
        ("---\nid: gap\n", "and another line ---"),
        (" ---\nid: gap\n---\nText.", "begin it with a line ---"),
        ("---\n---\nText.", "the field id is missing"),
        ("---\n- id\n- gap\n---\nText.", "is not a list of fields"),
        ("---\njust words\n---\nText.", "is not a list of fields"),
        (page(FRONT + "title2: a: b\n"), "put quotes around values with a colon"),
        (page(FRONT + "\tid: gap\n"), "has broken front matter"),
        (page(FRONT + "summary: NUL\0\n"), "has broken front matter"),
        (page(FRONT + "text: here\n"), "the text stands below it"),
        (page(FRONT + "autor: N. Lambert\n"), "the field autor is unknown; take it out"),
        (page(FRONT + "1: x\n"), "the field 1"),
        (page(FRONT + "null: x\n"), "the field None"),
        (page(FRONT.replace("id: gap\n", "")), "the field id is missing"),
        (page(FRONT.replace("2026-06-01", "2026-06-01 10:30:00")), "has a time of day; give the day alone"),
        (page(FRONT.replace("2026-06-01", "2026-06-01T10:30:00Z")), "has a time of day; give the day alone"),
        (page(FRONT.replace("2026-06-01", "2026-13-01")), "has broken front matter"),
        (page(FRONT.replace("tier: 2", "tier: two")), "the field tier ('two')"),
        (page(FRONT.replace("title: The gap", "title: true")), "the field title ('True')"),
        (page(FRONT.replace("title: The gap", "title: 2026-06-01")), "the field title"),
        (page(FRONT.replace("title: The gap", "title:")), "the field title"),
        (page(body=""), "the field text is empty"),
        (page(body=" \n\n\t\n"), "the field text is empty"),
        (page(body="NUL \0"), "the field text"),
        (page(body="half \ud83d"), "the field text"),
    ],
    ids=range(26),
)
def test_markdown_that_is_no_entry_is_refused(text, said):
    assert said in refusal(parse_markdown, text)


def bomb(levels=12, width=9):
    """YAML aliases that would unfold to width to the power of levels items."""
    rows = ["a0: &a0 [x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, levels)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "front",
    [
        bomb() + FRONT,
        bomb() + FRONT.replace("title: The gap", "title: *a11"),
        bomb() + FRONT.replace("people: []", "people: *a11"),
        FRONT.replace("people: []", "people: &p [*p]"),
        FRONT.replace("people: []", "people: &p [{name: *p, role: author}]"),
        FRONT + "summary: &s {s: *s}\n",
        FRONT + "summary: !!python/object/apply:os.system ['echo hello']\n",
        FRONT + "summary: !!python/name:os.system\n",
        FRONT + "!!python/object:corpus.models.entries.Entry {}: x\n",
        FRONT + "summary: !!binary aGVsbG8=\n",
        FRONT + "summary: !unknown x\n",
        FRONT + "summary: *nobody\n",
        FRONT + "? [a, b]\n: x\n",
        FRONT + "<<: 3\n",
        FRONT + "summary: " + "[" * 5_000 + "\n",
        FRONT + "summary: " + "{a: " * 2_000 + "}" * 2_000 + "\n",
        FRONT.replace("tier: 2", "tier: " + "9" * 5000),
        FRONT.replace("tier: 2", "tier: 1e999"),
        FRONT.replace("tier: 2", "tier: .nan"),
        FRONT + 'summary: "\\0"\n',
        FRONT + 'summary: "\\ud83d"\n',
        FRONT + '"\\ud83d": x\n',
        FRONT.replace("The gap", '"\\u202Eeltit"'),
    ],
    ids=range(23),
)
def test_hostile_front_matter_is_refused_like_any_other(front):
    assert refusal(parse_markdown, page(front))


def test_three_faults_are_told_and_the_rest_counted():
    said = refusal(parse_json_line, line(kind="x", tier=9, access="x", wording="x", url="x"))
    assert said.count("the field") == 3
    assert said.endswith("; and 2 more")


def test_a_refusal_shows_the_beginning_of_a_long_value_only():
    said = refusal(parse_json_line, line(kind="long " * 10_000, **{"k" * 10_000: 1}))
    assert "long long" in said
    assert len(said) < 500


def test_a_refusal_cannot_steer_a_terminal_or_reorder_what_is_read():
    said = refusal(parse_json_line, line(kind="\x1b[2J\u202e\n\ud83dessay", **{"\x1b[2Jkey\u202e": 1}))
    assert "essay" in said
    assert not set(said) & set("\x1b\n\u202e\ud83d")


# sources.toml


def test_sources_are_read_with_all_their_fields():
    text = (
        SOURCE + 'piece = "essay"\nhome = "https://example.org"\nfeed = "https://example.org/feed"\nfeed_kind = "rss"\n'
    )
    home, feed = "https://example.org", "https://example.org/feed"
    assert parse_sources(text) == [Source("interconnects", "Interconnects", 2, home, feed, "rss", "essay")]


def test_sources_need_no_more_than_a_slug_a_name_and_a_tier():
    second = '[[source]]\nslug = "b"\nname = "B"\ntier = 1\n'
    assert parse_sources(SOURCE + second) == [Source("interconnects", "Interconnects", 2), Source("b", "B", 1)]


FOLLOWED = {
    "sitemap": ('sitemap = "https://example.org/s.xml"\npattern = "/p/[a-z-]+$"\n', "https://example.org/s.xml"),
    "pages": ('pages = ["https://example.org/a", "https://example.org/b"]\n', "https://example.org/a"),
    "folder": ('folder = "/srv/pieces"\nevery_hours = 6\n', "/srv/pieces"),
}


@pytest.mark.parametrize(("text", "address"), FOLLOWED.values(), ids=FOLLOWED)
def test_a_source_says_where_its_pieces_are_read_from(text, address):
    (source,) = parse_sources(SOURCE + text)
    assert source.address == address


def test_a_source_is_not_followed_in_two_ways_but_a_sitemap_may_stand_beside_a_feed():
    feed, sitemap, pages, folder = 'feed = "https://example.org/feed"\n', *(text for text, _ in FOLLOWED.values())
    assert parse_sources(SOURCE + feed + sitemap)[0].address == "https://example.org/feed"
    for two in (feed + pages, feed + folder, sitemap + pages, pages + folder):
        assert "a source is followed in one way, so keep one of them" in refusal(parse_sources, SOURCE + two)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "source = []\n"])
def test_a_file_without_sources_is_no_fault(text):
    assert parse_sources(text) == []


def test_sources_saved_on_windows_are_the_same():
    assert parse_sources(SOURCE.replace("\n", "\r\n")) == parse_sources(SOURCE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "is not TOML"),
        ("\0", "is not TOML"),
        ("x = " + "[" * 20_000, "is not TOML"),
        ('[source]\nslug = "a"\n', "may hold [[source]] tables only"),
        ('source = "a"\n', "may hold [[source]] tables only"),
        ("[[sources]]\n", "may hold [[source]] tables only"),
        (SOURCE + "[settings]\n", "may hold [[source]] tables only"),
        ("source = [1]\n", "should be a valid dictionary"),
        (SOURCE.replace('slug = "interconnects"\n', ""), "the field slug is missing"),
        (SOURCE.replace("interconnects", "Inter Connects"), "the field slug"),
        (SOURCE.replace('"Interconnects"', '""'), "the field name is empty"),
        (SOURCE.replace('"Interconnects"', '"\\u202eA"'), "the field name"),
        (SOURCE.replace("2", '"2"'), "the field tier"),
        (SOURCE.replace("2", "4"), "the field tier"),
        (SOURCE.replace("2", "inf"), "the field tier"),
        (SOURCE + 'home = "javascript:alert(1)"\n', "the field home"),
        (SOURCE + 'feed = "file:///etc/passwd"\n', "the field feed"),
        (SOURCE + 'feed = "https://user:secret@example.org/"\n', "the field feed"),
        (SOURCE + 'feed_kind = "xml"\n', "the field feed_kind"),
        (SOURCE + 'pattern = "/p/"\n', "[[source]] 1: has a pattern without a sitemap"),
        (
            SOURCE + 'sitemap = "https://a.example/s"\npattern = "("\n',
            "the field pattern ('(') is no regular expression",
        ),
        (MAPPED + 'pattern = "(?=x)"\n', "is no regular expression"),
        (MAPPED + f'pattern = "{"x" * 301}"\n', "is longer than 300 characters"),
        (SOURCE + 'pages = ["ftp://a.example/"]\n', "the field pages.0"),
        (SOURCE + 'folder = ""\n', "the field folder"),
        (SOURCE + 'folder = "/a"\nevery_hours = 0\n', "the field every_hours"),
        (SOURCE + 'folder = "/a"\nevery_hours = inf\n', "the field every_hours"),
        (SOURCE + 'colour = "red"\n', "the field colour is unknown; take it out"),
        (SOURCE + "x" + ".x" * 1000 + " = 1\n", "has a key of more than 20 parts"),
    ],
    ids=range(29),
)
def test_wrong_sources_are_refused(text, said):
    assert said in refusal(parse_sources, text)


def test_what_is_exported_is_what_can_be_taken_in_again():
    for entry in (ENTRY, parse_markdown(page(body=BODY)), parse_markdown(page())):
        assert parse_json_line(json.dumps(record_json(entry))) == entry


# Languages, licences, sections


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-CH-1996", "de-CH-1996"),
        ("en-u-ca-BUDDHIST", "en-u-ca-buddhist"),
        ("en-x-US", "en-x-us"),
    ],
)
def test_a_language_is_a_tag_as_custom_writes_it(written, tag):
    assert parse_json_line(line(language=written)).language == tag


@pytest.mark.parametrize(
    "wrong", ["", "e", "en_US", "English please", "en-", "de-a", "x" * 9, "en" + "-abcde" * 9, "ｅｎ"]
)
def test_what_is_no_language_tag_is_refused(wrong):
    assert "is no language tag; write it as in en, pt-BR or zh-Hant" in refusal(parse_json_line, line(language=wrong))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licence": ""}, "the field licence is empty"),
        ({"licence": "CC\nBY"}, "has a line break"),
        ({"licence": "x" * 501}, "the field licence"),
        ({"sections": [{"start": 5, "title": "A"}, {"start": 5, "title": "B"}]}, "the field sections is not in order"),
        ({"sections": [{"start": 9, "title": "A"}, {"start": 5, "title": "B"}]}, "the field sections is not in order"),
        ({"sections": [{"start": 48, "title": "A"}]}, "the field sections begins behind the end of the text"),
        ({"sections": [{"start": -1, "title": "A"}]}, "the field sections.0.start"),
        ({"sections": [{"start": 0, "title": "\u200b"}]}, "the field sections.0.title"),
        ({"sections": [{"start": 0}]}, "the field sections.0.title is missing"),
        ({"sections": {"0": "A"}}, "the field sections"),
    ],
    ids=range(10),
)
def test_what_an_entry_says_of_its_sections_and_its_licence_is_checked(changes, said):
    assert said in refusal(parse_json_line, line(**changes))


BODY = """\
Before.

# The **first** part #

Text. # no heading
```python
# a comment
```
#no heading either
   ## [Second](https://example.org/a) `part`
    # code
###
#### \u200b
After."""


def test_the_text_of_markdown_is_without_its_marks_and_its_headings_are_sections():
    found = parse_markdown(page(body=BODY))
    assert found.text == (
        "Before.\n\nThe first part\n\nText. # no heading\n\n# a comment\n\n#no heading either\n\nSecond part\n\n"
        "# code\n\nAfter."
    )
    assert [(title, found.text[start:].partition("\n")[0]) for start, title in found.sections] == [
        ("The first part", "The first part"),
        ("Second part", "Second part"),
    ]
    assert [(found.text[b.start : b.end], b.kind) for b in found.blocks] == [
        ("# a comment", "code"),
        ("# code", "code"),
    ]


def test_where_the_front_matter_counts_in_the_body_that_stays_as_it_was_written():
    given = FRONT + "sections: [{start: 0, title: All of it}]\n"
    found = parse_markdown(page(given, BODY))
    assert (found.text, found.sections) == (BODY, (Section(0, "All of it"),))


@quick
@given(st.lists(st.sampled_from(["# ", "## a", "\n", "```", "~~~~", " ", "text", "\u202e", "[a](b)", "**", "x" * 600])))
def test_any_body_gives_sections_that_lie_within_it(parts):
    body = "".join(parts)
    found = outcome(parse_markdown, page(body=body))
    if isinstance(found, Entry):
        assert all(found.text.startswith(title, start) for start, title in found.sections)
        assert [start for start, _ in found.sections] == sorted({start for start, _ in found.sections})


# Patterns


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("/p/[a-z-]+$", True), ("/blog/", False), ("EXAMPLE", False), ("(?i)EXAMPLE", True), ("", True), ("^/p/", False)],
)
def test_a_pattern_finds_itself_in_an_address(pattern, found):
    assert address_pattern(pattern)("https://example.org/p/open-models") == found


def test_no_pattern_takes_long_over_an_address_that_a_stranger_chose():
    for pattern in (r"(a+)+$", r"(a|aa)+$", r".*.*.*.*.*=$", r"(.*)*x(.*)*$", r"((a{1,9}){1,9}){1,9}$"):
        assert not address_pattern(pattern)("a" * 1999 + "!")
    assert not address_pattern("a")("a" * 2001)
    assert not address_pattern("a")("a\ud800")


# Whatever comes


@quick
@given(ANY_TEXT)
def test_any_text_is_an_entry_or_refused_by_every_parser(text):
    for parse in (parse_json_line, parse_markdown, parse_sources):
        assert isinstance(outcome(parse, text), Entry | NotAnEntry | list)


@quick
@given(ANY_TEXT, ANY_TEXT)
def test_any_front_matter_is_an_entry_or_refused(front, body):
    for text in (page(front + "\n", body), page(FRONT + f"summary: {front}\n", body)):
        assert isinstance(outcome(parse_markdown, text), Entry | NotAnEntry)


@quick
@given(ANY_JSON)
def test_any_json_value_alone_is_refused(value):
    assert refusal(parse_json_line, json.dumps(value))


@quick
@given(st.sampled_from(sorted(FIELDS)), ANY_JSON)
def test_any_json_value_in_a_field_is_taken_or_refused_by_the_fields_name(name, value):
    found = outcome(parse_json_line, line(**{name: value}))
    assert isinstance(found, Entry) or f"the field {name}" in str(found)


@quick
@given(st.text("abcdefghij_", min_size=1, max_size=60).filter(lambda name: name not in FIELDS), ANY_JSON)
def test_any_unknown_field_is_refused_by_its_name(name, value):
    assert refusal(parse_json_line, line(**{name: value})) == f"the field {name} is unknown; take it out"


@quick
@given(st.sampled_from(["slug", "name", "tier", "home", "feed", "feed_kind", "piece", "pattern", "folder"]), ANY_TEXT)
def test_any_text_in_a_source_is_taken_or_refused(name, value):
    rows = {"slug": '"a"', "name": '"A"', "tier": "1"} | {name: json.dumps(value)}
    text = "[[source]]\n" + "".join(f"{key} = {shown}\n" for key, shown in rows.items())
    assert isinstance(outcome(parse_sources, text), list | NotAnEntry)


@pytest.mark.parametrize(
    "fields",
    [
        "tier: !!bool maybe",
        "tier: !!timestamp x",
        'tier: !!int ""',
        "tier: 0x" + "f" * 5000,
        "tier: " + "1:" * 3000 + "1",
        "a: &a [1]\nb: *a",
        "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12)),
        "<<: {tier: 2}",
    ],
    ids=lambda fields: fields[:20],
)
def test_front_matter_that_is_made_to_break_a_parser_is_refused_at_once(fields):
    assert refusal(parse_markdown, f"---\n{fields}\n---\nText.\n")


def test_a_huge_number_in_sources_is_refused():
    assert "[[source]] 1" in refusal(parse_sources, SOURCE.replace("tier = 2", "tier = 0x" + "f" * 5000))


@pytest.mark.parametrize("blank", ["\u200b", "\u3164", "\u2800 \u200d"])
@pytest.mark.parametrize("field", ["title", "text"])
def test_text_that_shows_nothing_is_empty(field, blank):
    assert f"the field {field}" in refusal(parse_json_line, line(**{field: blank}))
