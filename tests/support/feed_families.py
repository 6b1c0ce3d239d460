"""Families of feeds: versions × encodings, dates, links, and what an item is known by. Always the same."""

from collections.abc import Iterator
from dataclasses import replace

from feeds_made import DATED, HOME, VERSIONS, Made, Piece, encode, expected, write


def well_formed() -> Iterator[Made]:
    """Every version in every encoding whose script it can write."""
    words = {
        "utf-8": ("Ἕνας μικρὸς κῆπος — 小さな庭 🌱", "Béla Ådahl"),
        "utf-8-sig": ("Un jardín pequeño", "Íñigo Núñez"),
        "utf-16": ("حديقة صغيرة", "ليلى حداد"),
        "iso-8859-1": ("Ein kleiner Gärtner", "Jörg Größe"),
        "windows-1252": ("A “small” garden – €5", "Zoë O’Hara"),
        "iso-8859-2": ("Mała zagroda żółta", "Łucja Źdźbło"),
        "koi8-r": ("Маленький сад", "Анна Перо"),
        "windows-1251": ("Маленький сад", "Анна Перо"),
        "iso-8859-7": ("Ένας μικρός κήπος", "Νίκη Πένα"),
        "shift_jis": ("小さな庭", "山田花子"),
        "euc-jp": ("小さな庭", "山田花子"),
        "gb2312": ("小小的花园", "李墨"),
        "big5": ("小小的花園", "李墨"),
        "euc-kr": ("작은 정원", "김붓"),
    }
    for encoding, (title, author) in words.items():
        piece = Piece(title=title, author=author)
        for version in VERSIONS:
            if version.startswith("json") and not encoding.startswith("utf"):
                continue
            body = encode(write(version, piece), encoding)
            yield Made(f"{version} {encoding}", body, items=expected(version, piece))


def told_elsewhere() -> Iterator[Made]:
    """The encoding is told by the server, wrongly by the feed, or by nobody."""
    piece = Piece(title="Ein kleiner Gärtner – für 5 €", author="Jörg Größe")
    for version in ("rss20", "atom10", "rss10"):
        text, items = write(version, piece), expected(version, piece)
        as_header = "application/xml; charset=windows-1252"
        yield Made(f"{version} told by the server", encode(text, "cp1252", declared=False), as_header, items)
        yield Made(f"{version} told by nobody", encode(text, "utf-8", declared=False), items=items)
        yield Made(f"{version} is windows, told by nobody", encode(text, "cp1252", declared=False), items=items)
        lie = b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("cp1252")
        yield Made(f"{version} says utf-8, is windows", lie, items=items)
        lie = b'<?xml version="1.0" encoding="us-ascii"?>' + text.encode()
        yield Made(f"{version} says ascii, is utf-8", lie, items=items)
        for label in ("klingon-8", "zip", "undefined", "unicode_escape", "x" * 300):
            lie = f'<?xml version="1.0" encoding="{label}"?>'.encode() + text.encode()
            yield Made(f"{version} says {label[:20]}", lie, items=items)
        for kind in (
            "text/xml",
            "text/html",
            "text/plain",
            "",
            "application/octet-stream",
            ";;;=",
            "text/xml; charset=",
        ):
            yield Made(f"{version} sent as {kind!r}", encode(text, "utf-8"), kind, items)
        mark_wins = b"\xef\xbb\xbf" + encode(text, "utf-8")
        yield Made(f"{version} mark and header differ", mark_wins, "application/xml; charset=iso-8859-1", items)


DATES = {
    # what is written: the publisher's own day; "" where nobody could say
    "Mon, 04 May 2026 13:02:11 GMT": "2026-05-04",
    "Mon, 04 May 2026 23:30:00 -0700": "2026-05-04",
    "Mon, 04 May 2026 00:10:00 +0900": "2026-05-04",
    "Mon, 04 May 2026 23:30:00 PDT": "2026-05-04",
    "4 May 2026 13:02 EST": "2026-05-04",
    "04 May 26 13:02:11 +0000": "2026-05-04",
    "Monday, 4 May 2026": "2026-05-04",
    "Tue, 04 May 2026 13:02:11 GMT": "2026-05-04",
    "Mon,04 May 2026 13:02:11 GMT": "2026-05-04",
    "Mon, 4 MAY 2026 1:02:11 UTC": "2026-05-04",
    "Mon, 04-May-2026 13:02:11 GMT": "2026-05-04",
    "Mon, 04 May 2026 13:02:11 GMT (morning)": "2026-05-04",
    "Mon, 04 May 2026 25:99:99 GMT": "2026-05-04",
    "Mon May  4 13:02:11 2026": "2026-05-04",
    "Mon May  4 13:02:11 CEST 2026": "2026-05-04",
    "May 4, 2026": "2026-05-04",
    "May 4, 2026, 1:02 PM": "2026-05-04",
    "Sept 4, 2025": "2025-09-04",
    "4th May 2026": "2026-05-04",
    "2026-05-04": "2026-05-04",
    "2026/05/04": "2026-05-04",
    "20260504": "2026-05-04",
    "2026-05-04T13:02:11Z": "2026-05-04",
    "2026-05-04T23:30:00-07:00": "2026-05-04",
    "2026-05-04T00:10:00+0900": "2026-05-04",
    "2026-05-04T13:02:11.123456789Z": "2026-05-04",
    "2026-05-04T13:02": "2026-05-04",
    "2026-05-04t13:02:11z": "2026-05-04",
    "2026-05-04 13:02:11": "2026-05-04",
    "2026-05-04 13:02:11 +0200": "2026-05-04",
    "2026-05-04 13:02:11 UTC": "2026-05-04",
    "20260504T130211Z": "2026-05-04",
    "2026-05-04T24:00:00Z": "2026-05-04",
    "2026-W19-1": "2026-05-04",
    "2026-124": "2026-05-04",
    "1777899731": "2026-05-04",
    "Hétfő, 04 máj 2026 13:02:11 GMT": "2026-05-04",
    "2026年5月4日": "2026-05-04",
    "2026. 5. 4.": "2026-05-04",
    "Monday, May 4, 2026 - 1:02pm": "2026-05-04",
    "lun, 04 mag 2026 13:02:11 GMT": "2026-05-04",
    "2026年13月4日": "",
    "04/05/2026": "",
    "2026-05": "",
    "2026": "",
    "31 Jun 2026": "",
    "2026-02-30T00:00:00Z": "",
    "0001-01-01T00:00:00Z": "",
    "9999-12-31T23:59:59Z": "",
    "Thu, 01 Jan 1970 00:00:00 GMT": "",
    "Mon, 04 May 99999 13:02:11 GMT": "",
    "yesterday": "",
    "": "",
    "NaN-NaN-NaNTNaN:NaN:NaNZ": "",
    "2026-05-04T13:02:11+99:99": "2026-05-04",
    "-2026-05-04": "",
    "१२-०५-२०२६": "",
    "4 May 2026 " + "!" * 5000: "",
}


def dates() -> Iterator[Made]:
    """Every form of a date in every version that knows dates."""
    for version in DATED:
        for number, (written, day) in enumerate(DATES.items()):
            body = encode(write(version, Piece(date=written)), "utf-8")
            yield Made(f"{version} date {number} {written[:40]}", body, items=({"day": day, "url": Piece().link},))
        for number, written in enumerate(("Sun, 01 Jan 2062 00:00:00 GMT", "2026-11-28", "2026-11-28T00:00:00+14:00")):
            body = encode(write(version, Piece(date=written)), "utf-8")
            yield Made(f"{version} to come {number}", body, items=(), refused=("which is yet to come",))
        later = encode(write(version, Piece(date="2026-11-26T10:00:00+14:00")), "utf-8")
        yield Made(f"{version} a clock that is ahead", later, items=({"day": "2026-11-26"},))


LINKS = {
    # what the link says: the item's address, or why there is none
    f"{HOME}p/garden": f"{HOME}p/garden",
    "/p/garden": f"{HOME}p/garden",
    "p/garden": f"{HOME}p/garden",
    "//ledger.example/p/garden": f"{HOME}p/garden",
    f"\n   {HOME}p/garden\n ": f"{HOME}p/garden",
    f"{HOME}p/a garden": f"{HOME}p/a%20garden",
    f"{HOME}p/garden#part": f"{HOME}p/garden",
    f"{HOME}p/größe": f"{HOME}p/größe",
    f"{HOME}p?a=1&b=2&copy=3": f"{HOME}p?a=1&b=2&copy=3",
    "https://gärten.example/p/x": "https://gärten.example/p/x",
    "https://[2606:4700::1111]/p": "https://[2606:4700::1111]/p",
    "HTTPS://ledger.example/p/garden": f"{HOME}p/garden",
    "javascript:alert(1)": "has a javascript: link",
    "JaVaScRiPt:alert(1)": "has a javascript: link",
    "data:text/html,<p>x</p>": "has a data: link",
    "mailto:ada@ledger.example": "has a mailto: link",
    "ftp://ledger.example/p": "has a ftp: link",
    "file:///etc/passwd": "has a file: link",
    "https://ada:secret@ledger.example/p": "carries a user name or a password",
    "https://[::1": "address",
    "https://ledger.example:99999/p": "is no address",
    f"{HOME}{'x' * 3000}": "more than 2,000 characters",
    HOME: "links to the front page",
    "": "gives no address of a page",
    None: "gives no address of a page",
}


def links() -> Iterator[Made]:
    """Every sort of link in every version that has dates; a good item beside it is taken all the same."""
    good = Piece(title="Another", link=f"{HOME}p/another")
    for version in DATED:
        for number, (link, means) in enumerate(LINKS.items()):
            body = encode(write(version, good, Piece(link=link)), "utf-8")
            is_fine = means.startswith("https://")
            items = ({"url": good.link}, {"url": means}) if is_fine else ({"url": good.link},)
            # In Atom, an empty address is that of the place where it stands.
            said = "to the list itself" if (version, link) == ("atom10", "") else means
            refused = () if is_fine else (said,)
            yield Made(f"{version} link {number} {(link or '')[:40]!r}", body, items=items, refused=refused)


def identity() -> Iterator[Made]:
    """What an item is known by: its own address, not its guid."""
    one, two = Piece(title="One", link=f"{HOME}p/1"), Piece(title="Two", link=f"{HOME}p/2")
    for version in ("rss20", "atom10", "json11"):

        def feed(name, *pieces, items, refused=(), version=version):
            return Made(f"{version} {name}", encode(write(version, *pieces), "utf-8"), items=items, refused=refused)

        both = ({"url": one.link}, {"url": two.link})
        same = [replace(piece, guid="urn:the-feed") for piece in (one, two)]
        yield feed("one guid for all", *same, items=both)
        by_guid = [replace(piece, link=None, guid=piece.link) for piece in (one, two)]
        yield feed("the guid is the address", *by_guid, items=both)
        front = [replace(piece, link=HOME, guid=piece.link) for piece in (one, two)]
        yield feed("all link to the front page", *front, items=both)
        no_guid = [replace(piece, link=None, guid=f"tag:{piece.title}") for piece in (one, two)]
        yield feed("no address at all", *no_guid, items=(), refused=("gives no address", "gives no address"))
        yield feed("the same twice", one, one, two, items=both)
        noisy = replace(one, link=f"{one.link}/?utm_source=rss")
        yield feed("the same with noise", one, noisy, two, items=both)
        changed = replace(one, title="One, corrected")
        words = ({"title": "One"}, {"title": "Two"})
        yield feed("twice, with other words", one, changed, two, items=words, refused=("more than once",))
        untitled = replace(one, title=None)
        yield feed("without a title", untitled, items=({"url": one.link, "title": "", "html": ""},))


def order() -> Iterator[Made]:
    """The newest stands first, whatever the order; what has no date keeps its place."""
    days = ["2026-05-01", "", "2026-05-03", "2026-05-02", ""]
    pieces = [Piece(title=str(n), link=f"{HOME}p/{n}", date=day) for n, day in enumerate(days)]
    for version in ("rss20", "atom10", "json11"):
        body = encode(write(version, *pieces), "utf-8")
        yield Made(f"{version} order", body, items=tuple({"title": title} for title in "23401"))
        undated = [replace(piece, date="") for piece in pieces]
        body = encode(write(version, *undated), "utf-8")
        yield Made(f"{version} order without dates", body, items=tuple({"title": str(n)} for n in range(5)))
        hours = [replace(piece, date=f"2026-05-01T0{n}:00:00Z") for n, piece in enumerate(pieces)]
        body = encode(write(version, *hours), "utf-8")
        yield Made(f"{version} order within a day", body, items=tuple({"title": str(n)} for n in reversed(range(5))))


FAMILIES = (well_formed, told_elsewhere, dates, links, identity, order)
