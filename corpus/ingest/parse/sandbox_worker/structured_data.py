"""What a page says of itself for programs (JSON-LD): its statements, and those of them that are on the piece."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

Statement = dict[str, Any]

MOST_STATEMENTS = 500
# Types of schema.org that a piece has. One without a type is a piece where it has a headline.
PIECES = frozenset(
    """Report CreativeWork HowTo Recipe PodcastEpisode Episode Chapter Thesis Book Quotation Legislation
    Review CriticReview""".split()
)
ON_OTHERS = frozenset({"Review", "CriticReview", "Book", "Quotation", "Legislation"})
ENDINGS = ("Article", "Posting")
PAGES = frozenset({"WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage", "ProfilePage"})
LISTS = frozenset({"CollectionPage", "SearchResultsPage", "Blog", "ItemList"})
GROUPS = frozenset({"Corporation", "Brand", "WebSite", "Blog", "LocalBusiness", "GovernmentAgency", "Periodical"})
OF_OTHERS = frozenset({"ImageObject", "VideoObject", "Person", "Organization", "ItemList", "BreadcrumbList"})


def list_statements(tree: Any) -> list[Statement]:
    """Return the objects of a page's JSON-LD, with those inside a @graph or named as the subject of a page."""
    found: list[Statement] = []
    for script in tree.xpath('//script[translate(@type, "APLICTONDJS", "aplictondjs")="application/ld+json"]'):
        for given in as_list(read_json(script.text or "")):
            inner = given.get("@graph") if isinstance(given, dict) else None
            for one in (given, *as_list(inner)):
                if isinstance(one, dict):
                    found.append(one)
                    found += [part for part in as_list(one.get("mainEntity")) if isinstance(part, dict)]
        if len(found) > MOST_STATEMENTS:
            break
    return found[:MOST_STATEMENTS]


def read_json(text: str) -> Any:
    """Return what a script holds; None where it is no JSON, even with line breaks in its texts and commas at ends."""
    text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>)\s*;?\s*$", "", text)
    for attempt in (text, re.sub(r",(\s{0,50}[}\]])", r"\1", text)):
        try:
            return json.loads(attempt.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def as_list(value: Any) -> list[Any]:
    """Return a value that may be one or a list of them as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(statement: Any) -> set[str]:
    """Return the types of a statement by their names alone, without the address of their vocabulary."""
    given = as_list(statement.get("@type")) if isinstance(statement, dict) else []
    return {re.split(r"[/#:]", one)[-1] for one in given if isinstance(one, str)}


def is_piece(statement: Statement) -> bool:
    """Return whether a statement is on a text that somebody wrote."""
    types = types_of(statement)
    if not types:
        return "headline" in statement
    return any(one.endswith(ENDINGS) or one in PIECES for one in types)


def statements_on_the_piece(stated: Sequence[Statement], paths: Collection[str], titles: set[str]) -> list[Statement]:
    """Return what is stated of the page's own piece, then of the page.

    It is the one that has the page's address (`paths`) or one of its titles (in small letters): the others are teased
    on the page. One that is alone may be called otherwise, unless it has an address of its own, too. Customers'
    reviews and books that are spoken of are pieces of the first kinds only.
    """
    pieces = [one for one in stated if is_piece(one)]
    essays = [one for one in pieces if not types_of(one) & ON_OTHERS]
    own = (
        [one for one in pieces if any(path_of(address) in paths for address in addresses_of(one))]
        or [one for one in pieces if headline_of(one).casefold() in titles]
        or (essays if len(set(map(headline_of, essays))) == 1 else [])
    )
    if own and own == essays and not any(is_called_alike(headline_of(one), titles) for one in own):
        own = [one for one in own if all(path_of(address) in {"?", *paths} for address in addresses_of(one))]
    return own + [one for one in stated if types_of(one) & PAGES and one not in own]


def is_called_alike(headline: str, titles: set[str]) -> bool:
    """Return whether half of the words of a headline, or of a title, stand in the other: editors shorten them."""
    own = set(re.findall(r"\w+", headline.casefold()))
    others = [words for title in titles if (words := set(re.findall(r"\w+", title.casefold())))]
    return not own or not others or any(2 * len(own & words) >= min(len(own), len(words)) for words in others)


def headline_of(statement: Statement) -> str:
    """Return what a statement says that its piece is called."""
    given = statement.get("headline") or statement.get("name")
    return " ".join(given.split()) if isinstance(given, str) else ""


def addresses_of(statement: Statement) -> Iterator[str]:
    """Yield the addresses that a statement says its piece has."""
    for name in ("url", "mainEntityOfPage", "@id"):
        for value in as_list(statement.get(name)):
            address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(address, str) and address.startswith(("http", "/")):
                yield address


def path_of(address: str) -> str:
    """Return what two spellings of an address of one site have in common: its path and query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.path.rstrip('/')}?{parts.query}"


def persons_of(statement: Statement, stated: Sequence[Statement]) -> Iterator[str]:
    """Yield the names of the people who wrote a piece; groups and what is no person are left out."""
    known = {one["@id"]: one for one in stated if isinstance(one.get("@id"), str) and one.get("name")}
    for author in as_list(statement.get("author")) or as_list(statement.get("creator")):
        if isinstance(author, dict):
            whole = known.get(str(author.get("@id")), {}) | author
            types = types_of(whole)
            if types and "Person" not in types:
                continue
            yield from (name for name in as_list(whole.get("name")) if isinstance(name, str))
        elif isinstance(author, str):
            yield str(known[author]["name"]) if author in known else author


def groups_named(stated: Sequence[Statement]) -> Iterator[str]:
    """Yield the names of a page's site, its publisher and other groups: none of them is a person."""
    for one in stated:
        related = [one, *(part for name in ("publisher", "author", "isPartOf") for part in as_list(one.get(name)))]
        for part in related:
            types = types_of(part)
            if "Person" not in types and (types & GROUPS or any(name.endswith("Organization") for name in types)):
                yield from (name for name in as_list(part.get("name")) if isinstance(name, str))
