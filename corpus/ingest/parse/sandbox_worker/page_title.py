"""What a page's piece is called: its headline for programs, or the heading that agrees with the page's title."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import page_boilerplate
from .structured_data import Statement, groups_named, headline_of
from .text_walk import Walk

MOST_HEADINGS = 200  # that are looked at
LONGEST = 300  # characters
SHORTEST_LABEL = 4  # letters of a part of the host's name that may be the site's: not co, com and www
AT_EDGE = 0.25  # of two headings that agree as well, the one in the site's head is less likely the piece's
SEPARATORS = re.compile(r"\s+(?:[|«»·•›‹/–—:-]|::|//)\s+|\s*\|\s*|:\s+(?=\S)")
NAMED_SITE = frozenset("logo branding brand masthead sitename sitetitle blogname blogtitle".split())
OF_PLATFORMS = re.compile(
    r"""(?:write|leave|post|add)\ an?\ (?:reply|comment|response)\b.{0,40}
    |(?:\d+|one)\ thoughts?\ on\b.{0,200}
    |(?:\d+\ )?(?:comments?|responses?|replies)\b.{0,20}|(?:\d+\ )?(?:kommentare?|commentaires?|comentarios?)
    |(?:schreibe?n?\ sie|schreibe|hinterlasse)\b.{0,40}|(?:laisser|ajouter)\ un\ commentaire.{0,20}
    |(?:deja|dejar|añade)\ un\ comentario.{0,20}|lascia\ un\ commento.{0,20}
    |antworten.{0,30}|impressum|inhalt|menu|search|navigation|home|contents?
    |table\ of\ contents|(?:subscribe|sign\ up)(?:\ (?:to|for|now|today)\b.{0,40})?|newsletter|related\b.{0,40}
    |about\ (?:me|us|the\ author)|oops!?|404.{0,20}|(?:page\ )?not\ found|error|log\ ?in|sign\ in
    |share(?:\ this)?|archives?|recent\ posts|cookies?.{0,30}""",
    re.VERBOSE | re.IGNORECASE,
)

NO_TITLE = re.compile(r"home(?:\s?page)?|untitled(?:\s\w+)?|index|document|blog|welcome to .+", re.IGNORECASE)
# What platforms put before a title, and their own names, which stand behind it.
BEFORE_TITLES = re.compile(
    r"\[(?:\d{4}\.\d{4,5}|[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?\]\s+|GitHub - (?=[\w.-]+/[\w.-]+: )"
)
PLATFORMS = frozenset(
    """arxiv dribbble dropboxpaper github googledocs hackernews hackmd linkedin medium notion reddit substack tumblr
    wattpad wikipedia wikipediathefreeencyclopedia wordpresscom youtube""".split()
)
TITLE_LABEL = re.compile(r"(?:title|titel|titre|título|titolo|题目|標題|标题)\s*[:：]\s*(?=\S)", re.IGNORECASE)
BEFORE_SITE = re.compile(r"(?<=[^\x00-\x7f])\s*[-_|–—·]\s*(?=[^\x00-\x7f])")  # 水车的故事-磨坊网
BY_ITS_AUTHOR = re.compile(r"\s+[-–—|]\s+by\s+[^|–—]{2,80}(?:\s+[-–—|]\s+.*)?$")  # as Substack and Medium write


@dataclass(frozen=True, slots=True)
class Title:
    """What a piece is called, where that was found, and the heading that stands above the piece (None if there is
    none).
    """

    text: str = ""
    origin: str = ""
    heading: Any = None


def site_names(tree: Any, stated: Sequence[Statement], url: str) -> set[str]:
    """Return what a page's site and its publisher are called, folded; its host's name among them."""
    metas = tree.xpath(
        '//meta[@property="og:site_name" or @name="application-name" or @name="apple-mobile-web-app-title"]'
    )
    named = {fold(str(meta.get("content") or "")) for meta in metas} | {fold(name) for name in groups_named(stated)}
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    archive = re.search(
        r"^(.{1,200}?)\s+»\s+Blog Archive", str(tree.xpath("string(//title)") or "")
    )  # WordPress, until 2012
    named.add(fold(archive[1]) if archive else "")
    named |= {fold(host), fold(host.rpartition(".")[0])} - {""}
    return {name for name in (*named, *(f"the{name}" for name in named if name)) if name}


def names_by_host(url: str) -> set[str]:
    """Return what a site may be called by the parts of its host's name, folded."""
    try:
        labels = (urlsplit(url).hostname or "").split(".")[:-1]
    except ValueError:
        return set()
    long = [fold(label) for label in labels if len(label) >= SHORTEST_LABEL]
    return {name for label in long for name in (label, f"{label}blog", f"the{label}", f"the{label}blog")}


def fold(text: str) -> str:
    """Return a text as names are compared: letters and digits in small letters, nothing between them, none raised."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def stated_titles(tree: Any, stated: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    """Yield what a page says for programs that its piece is called, as (origin, title), the likeliest first."""
    for one in stated:
        if headline := headline_of(one):
            yield "JSON-LD headline", headline[:LONGEST]
            break
    for name in ("og:title", "twitter:title", "citation_title", "dc.title"):
        given = tree.xpath(
            "//meta[translate(@property, $up, $low)=$name or translate(@name, $up, $low)=$name]/@content",
            name=name,
            up="DCT",
            low="dct",
        )
        if given and given[0].strip():
            yield f"meta {name}", " ".join(str(given[0]).split())[:LONGEST]
    title = tree.xpath("//head/title | //title[not(ancestor::svg)]")
    if title and (words := " ".join(title[0].text_content().split())):
        yield "<title>", words[:LONGEST]


def find_title(tree: Any, stated: Sequence[Statement], on_piece: Sequence[Statement], url: str) -> Title:
    """Return what the piece is called. `on_piece`: those of the statements that are on the piece."""
    sites = site_names(tree, stated, url)
    given = list(stated_titles(tree, on_piece))
    by_host = names_by_host(url)
    wholes = {text for _, text in given} | {without_site(text, sites, by_host) for _, text in given}
    ranked = [
        (
            max(agreement(text, wholes), agreement(element.text_content(), wholes))
            - (AT_EDGE if is_in_head(element) else 0),
            len(text),
            -place,
            text,
            element,
        )
        for place, (text, element) in enumerate(list_headings(tree, sites))
    ]
    best = max((one for one in ranked if one[0] > 0), key=lambda one: one[:3], default=None)
    if best:
        _, _, _, text, element = best
        # A heading may hold a date or a kicker beside the title, or as two lines without a blank between.
        for origin, stated_one in given:
            if fold(stated_one) == fold(text) and len(stated_one.split()) > len(text.split()):
                return Title(stated_one, origin, element)
            if origin != "<title>" and fold(stated_one) in fold(text) and fold(stated_one) != fold(text):
                return Title(stated_one, origin, element)
        return Title(text, f"<{element.tag}> that agrees with the page's title", element)
    alone = next(((text, element) for tag in ("h1", "h2") for *_, text, element in ranked if element.tag == tag), None)
    for origin, text in given:
        short = without_site(text, sites, by_host)
        if fold(short) not in sites and not NO_TITLE.fullmatch(short):
            return Title(short, origin, alone[1] if alone else None)
    return Title(alone[0], f"<{alone[1].tag}>", alone[1]) if alone else Title()


def is_in_head(element: Any) -> bool:
    """Return whether a heading stands in the head of the site, where its name does."""
    for above in (element, *element.iterancestors()):
        names = page_boilerplate.words_named(above)
        if above.tag in {"article", "main"} or names & {"content", "main", *page_boilerplate.NAMES_OF_PIECES}:
            return False
        if above.tag == "header" or names & {"header", "masthead", "banner"}:
            return True
    return False


def agreement(heading: str, wholes: set[str]) -> float:
    """Return how well a heading agrees with what the page says it is called: 0 where it does not.

    It may be one of its parts, the other being the site's name, or more than half of it.
    """
    own = fold(heading)
    scores = []
    for whole in wholes if own else ():
        stated = fold(whole)
        if stated == own:
            scores.append(3.0)
        elif own in map(fold, SEPARATORS.split(whole)) or own in parts_at_edges(whole):
            scores.append(1.5)
        elif (own in stated and len(own) * 2 > len(stated)) or (stated in own and len(stated) * 2 > len(own)):
            scores.append(1.0)
    return max(scores, default=0.0) + len(scores) / 100


def parts_at_edges(title: str) -> set[str]:
    """Return what stands before and behind each separator of a title, folded."""
    return {fold(part) for cut in SEPARATORS.finditer(title) for part in (title[: cut.start()], title[cut.end() :])}


def list_headings(tree: Any, sites: set[str]) -> Iterator[tuple[str, Any]]:
    """Yield the headings that may be a piece's title, as (text, element): no site's name, no part of a platform."""
    seen = page_boilerplate.find_boilerplate(tree)
    count = 0
    for element in page_boilerplate.walk(tree, seen | {None}):
        is_heading = element.tag in {"h1", "h2", "h3"}
        if not is_heading and not page_boilerplate.words_named(element) & {"title", "headline"}:
            continue
        count += 1
        if count > MOST_HEADINGS:
            return
        text = words_of_heading(element)
        if text and len(text) <= LONGEST and not OF_PLATFORMS.fullmatch(text) and not is_sites(element, text, sites):
            yield text, element


def words_of_heading(element: Any) -> str:
    """Return the words of a heading as they are read: without notes and what is struck, 10²⁵ as it is."""
    whole = " ".join(element.text_content().split())
    if len(element) and len(whole) <= LONGEST * 2:
        whole = " ".join(" ".join(block.text for block in Walk().read(element)).split())
    return TITLE_LABEL.sub("", whole, count=1) if TITLE_LABEL.match(whole) else whole


def is_sites(element: Any, text: str, sites: set[str]) -> bool:
    """Return whether a heading is the name of the site: it is called so, or leads to its front page."""
    if fold(text) in sites:
        return True
    links = element.xpath("./descendant::a/@href | ./ancestor::a[1]/@href")
    if any(is_front(str(link)) for link in links[:3]):
        return True
    names = page_boilerplate.words_named(element)
    if {"blog", "title"} <= names and "post" not in names:
        return True
    above = element.getparent()
    names |= page_boilerplate.words_named(above) if above is not None and len(above) <= 3 else set()  # noqa: PLR2004
    if names & {"post", "entry", "article", "headline", "story"}:
        return False
    return bool(NAMED_SITE & names) or {"site", "title"} <= names


def is_front(link: str) -> bool:
    """Return whether a link leads to the front page of a site."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return False
    if parts.scheme not in {"", "http", "https"}:
        return False
    return parts.path in ({"/"} if not parts.netloc else {"", "/"}) and not parts.query and not parts.fragment


def without_site(title: str, sites: set[str], by_host: Collection[str] = ()) -> str:
    """Return a title without the name of its site, which stands before or behind it, and without its author's.

    `by_host`: names that count behind it alone, where the site's name is no likelier to be a part of the title.
    """
    title = BEFORE_TITLES.sub("", title, count=1) if BEFORE_TITLES.match(title) else title
    title = BY_ITS_AUTHOR.sub("", title) or title
    ends = [match.span() for separator in (SEPARATORS, BEFORE_SITE) for match in separator.finditer(title)]
    for _, end in sorted(ends):
        if fold(title[:end]) in sites or fold(SEPARATORS.sub("", title[:end])) in sites:
            return title[end:].strip() or title
    for start, end in sorted(ends, reverse=True):
        behind, is_colon = fold(title[start:]), ":" in title[start:end]
        if behind in sites or (not is_colon and (behind in PLATFORMS or behind in by_host)):
            return without_site(title[:start].strip(), sites, by_host) or title
    return title
