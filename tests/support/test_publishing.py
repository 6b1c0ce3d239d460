"""The loopback web of publishers: its feeds have the shape that the platforms' really have, and its verbs are seen."""

import http.client
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import pytest
from publishing import HuggingFace, Substack

TEXT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def get(url, **headers):
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310  http, ours
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.read().decode(), answer


def items(publisher):
    return ET.fromstring(get(publisher.feed)[0]).findall("channel/item")  # noqa: S314  we wrote it ourselves


@pytest.fixture
def letter():
    with Substack("The Open Ledger") as one:
        one.publish_many(30)
        yield one


def test_a_newsletter_lists_its_20_newest_posts_with_their_text(letter):
    listed = items(letter)
    assert len(listed) == 20
    first = {part.tag: part.text for part in listed[0]}
    post = letter.posts[0]
    assert (first["title"], first["description"], first["link"]) == (post.title, post.subtitle, letter.url(post))
    assert first["guid"] == first["link"]
    assert listed[0].find("guid").get("isPermaLink") == "false"
    assert listed[0].find("enclosure").get("length") == "0"
    assert first["pubDate"].endswith(" GMT")
    assert "Subscribe now" in first[TEXT].split("</p>")[0]
    assert post.paragraphs[-1] in first[TEXT]
    assert get(letter.url(post))[1].headers["Set-Cookie"]


def test_a_paid_post_shows_its_opening_alone(letter):
    post = letter.make_paid(letter.posts[0])
    text = items(letter)[0].find(TEXT).text
    assert text.endswith(">Read more</a></p>")
    for shown in (text, get(letter.url(post))[0]):
        assert post.paragraphs[0] in shown
        assert post.paragraphs[1] not in shown


def test_a_blog_lists_its_whole_history_by_title_and_day_alone():
    with HuggingFace("A Blog") as blog:
        blog.publish_many(120)
        listed = items(blog)
        assert len(listed) == 120
        assert {part.tag for part in listed[0]} == {"title", "pubDate", "link", "guid"}
        assert listed[0].find("pubDate").text.endswith("00:00:00 GMT")
        page, _ = get(blog.url(blog.posts[0]))
        assert blog.posts[0].paragraphs[2] in page


def test_what_a_publisher_does_is_seen_in_the_feed_and_on_the_page(letter):
    for verb in (letter.correct, letter.shift, letter.edit, letter.make_paid, letter.remove):
        _, answer = get(letter.feed)
        assert status(letter.feed, If_None_Match=answer.headers["ETag"]) == 304
        post = letter.posts[3]
        verb(post)
        assert status(letter.feed, If_None_Match=answer.headers["ETag"]) == 200, verb
    assert status(letter.url(letter.posts[3])) == 410
    assert letter.statuses() == {200: 10, 304: 5, 410: 1}


def test_a_publisher_dies_comes_back_and_moves(letter):
    letter.die("refused")
    with pytest.raises(OSError, match="refused"):
        get(letter.feed)
    letter.revive()
    letter.die("503")
    assert status(letter.feed) == 503
    letter.revive()
    old = letter.feed
    letter.move_feed("/rss")
    assert get(old)[1].url == letter.feed
    letter.cut_after = 0
    with pytest.raises(http.client.IncompleteRead):
        get(letter.feed)


def status(url, **headers):
    try:
        return get(url, **headers)[1].status
    except urllib.error.HTTPError as error:
        return error.code
