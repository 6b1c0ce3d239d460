"""What stands around a page's piece, and speaks of other pieces or of the page: its words tell nothing of the piece.

Nothing is taken out of the page here. An element is boilerplate by its tag, by a name that it has among its classes, or
by the heading above it, and never where it holds the piece's title or most of the page's words.
"""

import re
from collections.abc import Iterator
from typing import Any

TAGS = frozenset(
    "nav aside figure figcaption blockquote form select button script style noscript template iframe svg".split()
)
PAGE_EDGES = frozenset({"header", "footer"})  # where they hold no title: the site's, not the piece's
NAMES = frozenset(
    """comment comments commentlist commentmetadata commenter kommentar kommentare commentaire commentaires comentario
    comentarios disqus respond responses replies reply trackback pingback
    related relatedposts recommended recommendations recommend similar recent latest popular trending mostread upnext
    sidebar navbar navigation menu breadcrumb breadcrumbs footer bottom colophon imprint masthead topbar
    promo advert advertisement ads sponsor newsletter subscribe signup login search clock ticker weather
    tweet instagram embed embedded caption credit credits gallery slideshow carousel lightbox modal popup
    cookie consent copyright calendar poll rating""".split()
)
NAMES_OF_PIECES = frozenset("post article entry hentry story".split())
HOLDERS = frozenset({"html", "body", "main"})
MOST = 0.4  # of a page's characters: what has more is no boilerplate, whatever it is named
SMALL = 400  # characters that may be boilerplate on the shortest page
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
OTHERS = re.compile(
    r"""(?:\d+\s+)?(?:comments?|responses?|replies|kommentare?|commentaires?|comentarios?|reactions?)\b.{0,40}
    |(?:leave|write|post)\ an?\ (?:reply|comment|response).{0,40}|(?:join|start)\ the\ (?:discussion
    |conversation).{0,20}
    |related\b.{0,40}|similar\b.{0,40}|recommended\b.{0,40}|(?:read|up|what.s)\ next.{0,20}|read\ (?:more|also).{0,40}
    |more\ (?:from|on|in|about|by|stories|posts|articles|news)\b.{0,60}|also\b.{0,30}|you\ (?:may|might)\ also.{0,30}
    |(?:latest|recent|popular|trending|top|most\ (?:read|popular|viewed))\b.{0,40}|archives?|categories|tags
    |share.{0,20}
    |weitere\b.{0,40}|mehr\ (?:zum|zur|aus|von|in|zu)\b.{0,40}|auch\ (?:interessant|lesenswert).{0,20}
    |meistgelesen.{0,20}
    |das\ könnte.{0,40}|neueste\b.{0,30}|(?:à\ )?lire\ aussi.{0,20}|sur\ le\ même.{0,20}|articles?\ (?:similaires|liés)
    |schreibe?n?\b.{0,40}|hinterlasse\b.{0,40}|(?:laisser|ajouter)\ un.{0,30}|dejar?\ un.{0,30}|lascia\ un.{0,30}
    |(?:más|te\ puede|también|artículos\ relacionados|lo\ más)\b.{0,40}|leggi\ anche.{0,20}|関連.{0,20}|相关.{0,20}""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST_HEADING = 80
MOST_H1 = 20


def words_named(element: Any) -> set[str]:
    """Return the words that an element's classes and id are made of, in small letters."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    return {word.lower() for word in re.split(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])", named) if word}


def measure(tree: Any) -> dict[Any, int]:
    """Return for each element how many characters of text it holds, in one pass."""
    lengths: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):
        if isinstance(element.tag, str) and element.tag not in {"script", "style", "noscript", "template"}:
            own = len((element.text or "").strip())
            lengths[element] = own + sum(lengths.get(child, 0) + len((child.tail or "").strip()) for child in element)
    return lengths


def find_boilerplate(tree: Any, title: Any = None) -> set[Any]:
    """Return the elements that are boilerplate, without what stands inside them. `title`: the heading of the piece."""
    lengths = measure(tree)
    kept = {title, *title.iterancestors()} if title is not None else set()
    heads = (
        {above for heading in list(tree.iter("h1"))[:MOST_H1] for above in heading.iterancestors()}
        if title is None
        else kept
    )
    most = max(lengths.get(tree, 0) * MOST, SMALL)
    found: set[Any] = set()
    articles = [one for one in tree.iter("article") if title is not None]
    others = {one for one in articles if one not in kept} if any(one in kept for one in articles) else set()
    for element in walk(tree, found):
        if element in kept or element.tag in HOLDERS or element is tree:
            continue
        small = lengths.get(element, 0) <= most
        is_edge = element.tag in PAGE_EDGES and title is not None
        names = words_named(element)
        if (element.tag == "footer" or "footer" in names) and is_in_piece(element, kept):
            continue  # a piece's own foot may say when it was published
        is_named = element not in heads and is_of_platform(names)
        if element.tag in TAGS or (small and (is_edge or is_named or element in others)):
            found.add(element)
        elif element.tag in HEADINGS[1:] and OTHERS.fullmatch(heading_text(element)):
            found |= below_heading(element, kept, lengths, most)
    return found


def is_of_platform(names: set[str]) -> bool:
    """Return whether an element's names are those of what platforms put around a piece."""
    if "footer" in names and names & NAMES_OF_PIECES:
        return False
    return bool(names & NAMES) or {"widget", "area"} <= names


def is_in_piece(element: Any, kept: set[Any]) -> bool:
    """Return whether an element stands close within what holds the piece and its title."""
    near = [above for _, above in zip(range(4), element.iterancestors(), strict=False) if above in kept]
    return any(
        above.tag == "article" or (above.tag not in HOLDERS and words_named(above) & NAMES_OF_PIECES) for above in near
    )


def heading_text(element: Any) -> str:
    """Return a heading's words in one line; "" for a long one, which is none of a platform's."""
    text = " ".join(element.text_content().split())
    return text.rstrip(" :.…") if len(text) <= LONGEST_HEADING else ""


def below_heading(heading: Any, kept: set[Any], lengths: dict[Any, int], most: float) -> set[Any]:
    """Return what stands under a heading of others' words: its section, or what follows up to the next heading."""
    above = heading.getparent()
    first = next(iter(above), None) if above is not None else None
    if first is heading and above not in kept and above.tag not in HOLDERS and lengths.get(above, 0) <= most:
        return {above}
    found = {heading}
    for following in heading.itersiblings():
        if following.tag in HEADINGS and following.tag <= heading.tag:
            break
        if following in kept or lengths.get(following, 0) > most:
            break
        found.add(following)
    return found


def walk(tree: Any, left_out: set[Any]) -> Iterator[Any]:
    """Yield the elements of a tree in their order, without boilerplate and what stands in it.

    An element may be added to the boilerplate while it is yielded: then what stands in it is passed over, too.
    """
    todo = [tree]
    while todo:
        element = todo.pop()
        if element in left_out or not isinstance(element.tag, str):
            continue
        yield element
        if element not in left_out:
            todo.extend(reversed(list(element)))
