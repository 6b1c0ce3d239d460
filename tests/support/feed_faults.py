"""Families of ill-formed and hostile feeds: faults that are read all the same, what breaks off, and what is no feed."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace

from feeds_made import FEED, HOME, TEXT, Made, Piece, encode, expected, write

THREE = ("rss20", "rss10", "atom10")
PIECES = tuple(Piece(title=f"Piece {n}", link=f"{HOME}p/{n}", date=f"2026-05-1{9 - n}") for n in range(4))
ROOTS = {"rss20": "rss", "rss10": "rdf:RDF", "atom10": "feed"}
ITEMS = {"rss20": "item", "rss10": "item", "atom10": "entry"}


def _no_change(text, _version):
    return text


# A fault that a careful reader reads through: (what it does to a feed, as text without a declaration).
FAULTS = {
    "a bare ampersand": lambda text, _: text.replace("Piece 1", "Piece 1 & more", 1),
    "an undeclared entity": lambda text, _: text.replace("Notes", "Notes&nbsp;&mdash;", 1).replace(
        "Why", "Why&nbsp;", 1
    ),
    "an unknown entity": lambda text, _: text.replace("Why", "Why&unheard;", 1),
    "an undeclared prefix": lambda text, v: text.replace(f"<{ITEMS[v]}>", f"<{ITEMS[v]}><x:y>1</x:y>", 1),
    "an attribute twice": lambda text, v: text.replace(f"<{ITEMS[v]}>", f'<{ITEMS[v]} a="1" a="2">', 1),
    "an attribute without quotes": lambda text, v: text.replace(f"<{ITEMS[v]}>", f"<{ITEMS[v]} a=1>", 1),
    "a tag that never ends": lambda text, v: text.replace(f"<{ITEMS[v]}>", f"<{ITEMS[v]}><note>", 1),
    "a tag that never began": lambda text, v: text.replace(f"</{ITEMS[v]}>", f"</note></{ITEMS[v]}>", 1),
    "a control character": lambda text, _: text.replace("Why", "\x01\x08Why", 1),
    "a NUL": lambda text, _: text.replace("Why", "\0Why", 1),
    "half of a pair": lambda text, _: text.replace("Why", "&#xD800;Why", 1),
    "a character that is none": lambda text, _: text.replace("Why", "&#x110000;Why", 1),
    "a huge character": lambda text, _: text.replace("Why", f"&#{'9' * 5000};Why", 1),
    "space before it": lambda text, _: f"\n\n  \t{text}",
    "words before it": lambda text, _: f"Warning: include(): failed in /var/www/feed.php\n{text}",
    "a comment before it": lambda text, _: f"<!-- made by hand, with care -->{text}",
    "a style sheet": lambda text, _: f'<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>{text}',
    "a comment behind it": lambda text, _: f"{text}<!-- page made in 0.2 s -->",
    "words behind it": lambda text, _: f"{text}\n<br />Notice: undefined index in /var/www/feed.php",
    "a page behind it": lambda text, _: f"{text}<html><body><script>x()</script></body></html>",
    "two of it": lambda text, _: f"{text}<!-- again -->",
    "unknown elements": lambda text, v: text.replace(f"</{ITEMS[v]}>", f"<mood><deep>3</deep></mood></{ITEMS[v]}>"),
    "a text area": lambda text, _: text.replace("</channel>", "<textInput><name>q</name></textInput></channel>", 1),
    "a picture of the feed": lambda text, _: text.replace(
        "</channel>", "<image><title>Logo</title><url>x.png</url><link>y</link></image></channel>", 1
    ),
    "an old document type": lambda text, _: (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss-0.91.dtd">' + text
    ),
    "an entity of its own": lambda text, _: f'<!DOCTYPE x [<!ENTITY c "(C)">]>{text.replace("Why", "Why &c;", 1)}',
    "a file as an entity": lambda text, _: (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{text.replace("Why", "Why &f;", 1)}'
    ),
    "an address as an entity": lambda text, _: (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:9/x">]>{text.replace("Why", "Why &f;", 1)}'
    ),
    "a parameter entity": lambda text, _: (
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>{text.replace("Why", "Why &p;", 1)}'
    ),
    "an entity of itself": lambda text, _: f'<!DOCTYPE x [<!ENTITY a "&a;">]>{text.replace("Why", "Why &a;", 1)}',
    "a bomb of entities": lambda text, _: _bomb(text.replace("Why", "Why &h;", 1)),
    "a long entity, often": lambda text, _: (
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>{text.replace("Why", "Why " + "&a;" * 5000, 1)}'
    ),
    "deep elements": lambda text, v: text.replace(
        f"</{ITEMS[v]}>", "<deep>" * 1000 + "</deep>" * 1000 + f"</{ITEMS[v]}>", 1
    ),
    "many attributes": lambda text, v: text.replace(
        f"<{ITEMS[v]}>", f"<{ITEMS[v]} " + " ".join(f'a{n}="{n}"' for n in range(1000)) + ">", 1
    ),
    "tags in capitals": lambda text, v: text.replace(ITEMS[v], ITEMS[v].upper()) if v == "rss20" else text,
    "lines of a Mac": lambda text, _: text.replace("><", ">\r<"),
    "lines of Windows": lambda text, _: text.replace("><", ">\r\n<"),
}
BOMBS = {"a bomb of entities", "a long entity, often"}


def _bomb(text):
    rows = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    return f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{rows}]>{text}'


def faulty() -> Iterator[Made]:
    """Every fault in three kinds of feed: all of their items are found, by their addresses and days."""
    for version in THREE:
        for name, fault in FAULTS.items():
            text = '<?xml version="1.0" encoding="utf-8"?>' + fault(write(version, *PIECES), version)
            items = tuple({"url": piece.link, "day": piece.date} for piece in PIECES)
            yield Made(f"{version} {name}", text.encode("utf-8", "surrogatepass"), items=items, refused=())


def broken_off() -> Iterator[Made]:
    """What breaks off gives the items before, and says so; nothing is made of half an item."""
    for version in THREE:
        text = encode(write(version, *PIECES), "utf-8")
        close = f"</{ITEMS[version]}>".encode()
        ends = [at + len(close) for at in _places(text, close)]
        for number in range(1, 4):
            whole = tuple({"url": piece.link, "html": TEXT} for piece in PIECES[:number])
            behind = text[: ends[number - 1]]
            said = "breaks off before its end"
            yield Made(f"{version} ends behind item {number}", behind, items=whole, refused=(said,))
            for part in (0.2, 0.5, 0.9):
                at = ends[number - 1] + int((ends[number] - ends[number - 1]) * part)
                said = "breaks off in the middle"
                yield Made(f"{version} ends in item {number} at {part}", text[:at], items=whole, refused=(said,))
        for at in (ends[1], ends[1] + 90, ends[2] - 90):
            garbage = text[:at] + b"<item><<&nonsense"
            yield Made(f"{version} ends in garbage at {at}", garbage, items=({}, {}), refused=("breaks off",))
    yield Made(
        "json breaks off", encode(write("json11"), "utf-8")[:-40], trouble="is JSON that is broken or breaks off"
    )


def _places(text, part):
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


PAGE = "<html><head><title>Sign in</title>LINKS</head><body><h1>Sign in</h1></body></html>"
A_FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml" title="All">'
COMMENTS = '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
NO_PAGE = "is a web page and no feed, and names none"


def no_feed() -> Iterator[Made]:
    """What is no feed, by its sentence."""
    broken, other = "is JSON that is broken or breaks off", "is JSON and no feed"
    neither = "is no feed: neither RSS nor Atom nor JSON Feed"
    its_own = f"is a web page and no feed; its feed is {FEED}"
    for name, body, said in (
        ("nothing", "", "is empty"),
        ("white space", " \n\t ", "is empty"),
        ("a byte order mark", "\ufeff", "is empty"),
        ("a page", PAGE.replace("LINKS", ""), NO_PAGE),
        ("a page with a feed", PAGE.replace("LINKS", COMMENTS + A_FEED), its_own),
        ("a page by the standard", "<!DOCTYPE html>" + PAGE.replace("LINKS", A_FEED), its_own),
        ("a page as XML", '<?xml version="1.0"?>\n<!DOCTYPE html>' + PAGE.replace("LINKS", A_FEED), its_own),
        ("a page with a feed in a comment", PAGE.replace("LINKS", f"<!-- {A_FEED} -->"), NO_PAGE),
        ("words", "The feed has moved.", neither),
        ("another XML", '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', neither),
        ("a sitemap", "<urlset><url><loc>https://ledger.example/p/1</loc></url></urlset>", "is a sitemap and no feed"),
        ("an outline", '<opml version="2.0"><body><outline text="x"/></body></opml>', neither),
        ("broken JSON", "{'version': 1}", broken),
        ("deep JSON", "[" * 100_000, broken),
        ("a huge number", '{"version": ' + "9" * 10_000 + "}", broken),
        ("another JSON", '{"posts": []}', other),
        ("a list", "[1, 2]", other),
        ("no items", '{"version": "https://jsonfeed.org/version/1"}', other),
        ("items that are none", '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}', other),
        ("a version that is none", '{"version": 1.1, "items": []}', other),
        ("bytes", "\x00\x01\x02\xff" * 100, neither),
    ):
        yield Made(name, body.encode(), trouble=said)
    yield Made("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, trouble=neither)
    yield Made("a packed feed", gzip.compress(encode(write("rss20"), "utf-8"), mtime=0), trouble=neither)
    for version in THREE:
        nothing = write(version).partition(f"<{ITEMS[version]}>")[0]
        nothing += f"{'</channel>' if version == 'rss20' else ''}</{ROOTS[version]}>"
        yield Made(f"{version} without items", encode(nothing, "utf-8"), items=())


def odd_json() -> Iterator[Made]:
    """JSON Feeds whose fields are not what they should be: the item is read as far as it can be."""
    for number, value in enumerate((None, 7, True, [], {}, [None], [[1]], "\ud800", "\0", -1e400, {"name": {"a": 1}})):
        for name in (
            "title",
            "summary",
            "date_published",
            "authors",
            "author",
            "content_html",
            "language",
            "id",
            "tags",
        ):
            told = json.loads(write("json11"))
            told["items"][0][name] = value
            told[name] = told.get(name, value)
            body = json.dumps(told).encode()
            yield Made(f"json {name} is {number}", body, items=({"url": f"{HOME}p/garden"},))
    told = json.loads(write("json11"))
    told["items"] += [None, 7, "x", [], {}]
    refused = ("gives no address",) * 5
    yield Made("json items that are none", json.dumps(told).encode(), items=({},), refused=refused)


def enormous() -> Iterator[Made]:
    """More than anybody reads: bounded, and said."""
    told = json.loads(write("json11"))
    told["items"] += [0] * 20_499
    said = ("gives no address",) * 99  # behind what is said of the whole
    said = ("lists more than 20,000 items; 500 were not read", *said, "lists 19,900 more that are no items")
    yield Made("20,500 items", json.dumps(told).encode(), items=({},), refused=said)
    bad = "".join(f"<item><title>{n}</title></item>" for n in range(1000))
    feed = f'<rss version="2.0"><channel>{bad}</channel></rss>'.encode()
    yield Made("1,000 items without a link", feed, items=(), refused=("gives no address",) * 100 + ("900 more",))
    long = replace(Piece(), html=f"<p>{'Open models grow. ' * 130_000}</p>", summary="So it goes. " * 9000)
    yield Made("a text of 2 MB", encode(write("rss20", long), "utf-8"), items=({"html": "", "title": long.title},))
    deep = replace(Piece(), html="<div>" * 20_000 + TEXT)
    yield Made("a deep text", encode(write("rss20", deep), "utf-8"), items=({"url": deep.link},))
    yield Made("many feeds in one", encode(write("rss20") * 50, "utf-8"), items=expected("rss20"), refused=None)


FAMILIES = (faulty, broken_off, no_feed, odd_json, enormous)
