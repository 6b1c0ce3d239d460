"""robots.txt, as sites write it: what it forbids us, how long it has us pause, and that no garbage does any harm."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.ingest.fetch.robots import Robots
from corpus.ingest.fetch.url_safety import AddressRefused

SITE = "https://example.org"


def may_read(text, path="/p/x", status=200):
    return Robots.of(status, text if isinstance(text, bytes) else text.encode()).refusal(SITE + path) is None


@pytest.mark.parametrize(
    ("text", "read", "left"),
    [
        ("", "/ /a", ""),
        ("User-agent: *\nDisallow:", "/ /a", ""),
        ("User-agent: *\nDisallow: /", "", "/ /a /a?b=1"),
        ("User-agent: *\nDisallow: /private", "/ /p /Private", "/private /private/x /privateer"),
        ("User-agent: *\nDisallow: /private/\nAllow: /private/open", "/private/open/x /private", "/private/x"),
        ("User-agent: *\nAllow: /p/a\nDisallow: /p/", "/p/a", "/p/b"),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x /a.pdfs /b", "/a.pdf /x/y.pdf"),
        ("User-agent: *\nDisallow: /*?*share=", "/a?b=1 /a/share=", "/a?share=1 /a?b=1&share=2"),
        ("User-agent: *\nDisallow: /a*b*c", "/ab /acb", "/abc /axxbyyc/z"),
        ("User-agent: *\nDisallow: /gr%C3%B6%C3%9Fe", "/groesse", "/gr%C3%B6%C3%9Fe /gr%c3%b6%c3%9fe"),
        ("User-agent: *\nDisallow: /größe", "/gr", "/gr%C3%B6%C3%9Fe"),
        ("User-agent: *\nDisallow: /a # a comment\n# Disallow: /b", "/b", "/a"),
        ("user-AGENT : *\r\ndisallow:/a\r\n", "/b", "/a"),
        ("User-agent: *\rDisallow: /a\r", "/b", "/a"),
        ("\ufeffUser-agent: *\nDisallow: /a", "/b", "/a"),
        ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", "/b"),
        ("User-agent: *\nDisallow: /a\n\n\nDisallow: /b", "/c", "/a /b"),
        ("User-agent: Footnote\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", "/a"),
        ("User-agent: *\nDisallow: /b\n\nUser-agent: footnote/2.0 (bot)\nDisallow: /a", "/b", "/a"),
        ("User-agent: GPTBot\nUser-agent: FOOTNOTE\nDisallow: /a\nUser-agent: *\nDisallow: /", "/b", "/a"),
        ("User-agent: footnote\nDisallow: /a\nUser-agent: x\nDisallow:/\nUser-agent: footnote\nAllow:/ac", "/ac", "/a"),
        ("User-agent: Footnote\nDisallow:\n\nUser-agent: *\nDisallow: /", "/ /a", ""),
        ("User-agent: GPTBot\nDisallow: /\nUser-agent: ClaudeBot\nDisallow: /", "/a", ""),
        ("User-agent: foot\nDisallow: /", "/a", ""),
        ("User-agent: footnotes\nDisallow: /", "/a", ""),
        ("User-agent: my-footnote\nDisallow: /", "/a", ""),
        ("Useragent: *\nDisalow: /a", "/b", "/a"),
        ("User-agent: *\nDisallow: //[x\nDisallow: /a", "/b", "/a"),
        ("User-agent: *\nSitemap: https://example.org/sitemap.xml\nDisallow: /a", "/b", "/a"),
        ("<!DOCTYPE html><html><head><title>Not found</title></head><body>User-agent: nobody</body></html>", "/a", ""),
        ("\x00\x01 garbage \ufffd ::: [[[ %zz", "/a", ""),
    ],
    ids=range(31),
)  # fmt: skip
def test_what_may_be_read_and_what_not(text, read, left):
    for path in read.split():
        assert may_read(text, path), path
    for path in left.split():
        assert not may_read(text, path), path


@pytest.mark.parametrize("status", [204, 301, 401, 403, 404, 410, 451])
def test_what_is_not_there_forbids_nothing(status):
    assert may_read("User-agent: *\nDisallow: /", status=status)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_a_server_in_trouble_forbids_all_for_now(status):
    with pytest.raises(AddressRefused, match="out of order") as raised:
        Robots.of(status, b"User-agent: *\nAllow: /")
    assert raised.value.passing


@pytest.mark.parametrize(
    ("told", "pause"),
    [("10", 10), ("0.5", 0.5), ("0", 0), ("60", 60), ("86400", 60), ("9" * 400, 0), ("-5", 0), ("nan", 0), ("inf", 0),
     ("1e999", 0), ("²", 0), ("ten", 0), ("", 0), ("10 seconds", 0)],
)  # fmt: skip
def test_the_pause_that_a_site_asks_for_is_kept_within_reason(told, pause):
    assert Robots.of(200, f"User-agent: *\nCrawl-delay: {told}\nDisallow: /a".encode()).pause == pause
    assert not may_read(f"User-agent: *\nCrawl-delay: {told}\nDisallow: /a", "/a")


def test_the_pause_of_another_program_is_not_ours():
    text = b"User-agent: bingbot\nCrawl-delay: 30\nUser-agent: Footnote\nCrawl-delay: 2\nUser-agent: *\nCrawl-delay: 9"
    assert Robots.of(200, text).pause == 2


def test_ten_thousand_programs_with_ten_thousand_rules_are_read_in_the_end():
    """With a record for each of them, it would be a hundred million rules."""
    names = "".join(f"User-agent: footnote{n}\n" for n in range(10_000))
    rules = "".join(f"Disallow: /{n}$*\n" for n in range(10_000))
    robots = Robots.of(200, f"{names}User-agent: *\n{rules}".encode())
    assert robots.refusal(f"{SITE}/x") is None
    assert robots.refusal(f"{SITE}/77$/") is not None


RULES = st.lists(
    st.tuples(
        st.sampled_from(["User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap", "Request-rate", "Visit-time"]),
        st.sampled_from([":", " ", "", "::", ": "]),
        st.text(max_size=20) | st.sampled_from(["*", "Footnote", "/", "/*", "$", "/%", "1/5m", "0600-0845", "http://["]),
    ).map("".join)
).map("\n".join)  # fmt: skip


@given(st.binary(max_size=400) | RULES.map(lambda text: text.encode(errors="replace")))
@settings(max_examples=100, deadline=None)
@example(b"User-agent: *\nDisallow: //[\nDisallow: http://[::1\nRequest-rate: /\nVisit-time: -")
def test_no_bytes_make_it_stumble(body):
    robots = Robots.of(200, body)
    assert robots.refusal(SITE + "/a?b=[1]&c=%zz") in {
        None, "may not be read by programs, says the site's robots.txt; add its text as a file"
    }  # fmt: skip
    assert 0 <= robots.pause <= 60
