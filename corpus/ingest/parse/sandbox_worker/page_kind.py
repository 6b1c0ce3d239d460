"""Whether a page is a list of pieces and no piece itself: cards that lead away, and little else.

A card is a stretch of the page whose heading, or whose last link, leads to another page of the site. How a site names
its cards tells nothing. What tells is that they come again and again, that each is short or stands apart with a day or
an article of its own, and that hardly a paragraph stands outside of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from . import page_boilerplate
from .page_parts import PageParts
from .page_title import SEPARATORS
from .structured_data import LISTS, as_list, is_piece, path_of, types_of

LIST_OF_PIECES = (
    "is a list of pieces and no piece itself; follow its feed (`footnote sources add` and its address), "
    "or give the address of one piece"
)
LONGEST_NOTICE = 1500  # characters of a page that says that there is none; an essay on such pages has more
NO_SUCH_PAGE = re.compile(
    r"""(?=\W*\w)(?:(?:error\W{1,3})?404(?:\W{1,3}error)?\W{0,3})?(?:
    (?:(?:oops|sorry|whoops|uh\W?oh)\W{1,5})?(?:(?:the|this|that|your)\ )?
    (?:requested\ )?(?:page|article|post|story|content|file|url)\b.{0,40}\b
    (?:not\ (?:be\ )?found|can(?:no|.)?t\ be\ found|could(?:n.t|\ not)\ be\ found
    |(?:does\ not|doesn.t|no\ longer)\ exists?)
    |(?:nothing|not)\ found|(?:page|seite|artikel)\ (?:unavailable|nicht\ (?:gefunden|verfügbar))
    |page\ (?:introuvable|non\ trouvée)|página\ no\ encontrada|página\ não\ encontrada|pagina\ non\ trovata
    |pagina\ niet\ gevonden|sidan\ (?:hittades|kunde)\ inte.{0,12}|nie\ znaleziono\ strony|strony\ nie\ znaleziono
    |страница\ не\ найдена|(?:页面|頁面)(?:不存在|未找到|找不到)|找不到(?:页面|頁面)|ページが見つかりません.{0,5}
    |페이지를\ 찾을\ 수\ 없습니다|)\W{0,3}(?:404)?\W{0,3}""",
    re.VERBOSE | re.IGNORECASE,
)
FEWEST = 3  # cards, each leading to another page of the site
MOST_STATED = 0.5  # of the stretches below headings, where the page says that it is a list; else nearly all
MOST_ALONE = 0.8
LONGEST_TEASER = 600  # characters of a card that does not stand apart: more is a part of a piece
LONGEST_BELOW_HEADING = 350  # the same on a page that has a heading of its own, as a piece has
LONGEST_OPENING = 600  # characters of paragraphs outside of the cards
SHORTEST_PROSE = 80  # characters of a paragraph
SHORTEST = 200  # characters of an article
EMPTY = 40  # characters: as few stand below a heading that only groups the cards, beside one, and behind a last link
LONGEST_DAY, LONGEST_LINK = 60, 40
FEWEST_LINES, FEWEST_LETTERS = 5, 12
MOST_BEFORE_LINK = 4  # words: a date
DEEPEST = 8  # elements above a heading, one of which holds its card
UNSEEN = frozenset({"head", "title", "script", "style", "noscript"})
LINES = frozenset({"li", "div", "p", "tr", "article", "section", "dt"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
PAGES_OF_LISTS = frozenset({"CollectionPage", "SearchResultsPage"})
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(slots=True)
class Stretch:
    """What stands below a heading, up to the next one. `target`: the page that it leads to, or "".

    `prose`: characters of its paragraphs. `closing`: where its last link leads and the words of that, if hardly
    anything stands behind it. `is_wrapped`: it stands in an element of its own, beside others; `has_article`: that is
    an article.
    """

    heading: Any = None
    target: str = ""
    length: int = 0
    prose: int = 0
    has_day: bool = False
    is_wrapped: bool = False
    has_article: bool = False
    closing: tuple[str, str] = ("", "")
    behind: int = 0  # characters behind the last link

    def add(self, element: Any, parts: PageParts, *, in_paragraph: bool, in_link: bool) -> None:
        """Count an element's own words, and what follows it."""
        own = [len(text.strip()) for text in (element.text, element.tail) if text]
        whole = parts.lengths.get(element, 0)
        self.length += sum(own)
        self.behind += sum(own) if not in_link else 0
        if element.tag == "a" and is_to_page(element.get("href") or "", parts):
            words = " ".join(" ".join(element.itertext()).split()).casefold()
            is_short = 0 < len(words) <= LONGEST_LINK
            self.closing = (path_at(element.get("href"), parts), words) if is_short else ("", "")
            self.behind = len((element.tail or "").strip())
        elif element.tag == "p" and whole >= SHORTEST_PROSE:
            self.prose += whole
        elif not in_paragraph:
            self.prose += sum(one for one in own if one >= SHORTEST_PROSE)
        is_dated = 0 < whole <= LONGEST_DAY and YEAR.search(element.text or "") is not None
        self.has_day = self.has_day or element.tag == "time" or is_dated


def is_list_of_pieces(parts: PageParts) -> bool:
    """Return whether a page only shows what other pages hold."""
    types = {name for one in parts.stated for name in types_of(one)}
    is_stated = bool(types & (LISTS - {"ItemList"})) or lists_pages(parts)
    if "article" in parts.metas.get("og:type", ()) and not types & PAGES_OF_LISTS:
        return False
    if any(map(is_piece, parts.on_piece)) and not is_stated:
        return False
    heading, content = parts.title.heading, parts.content
    if heading is not None and target_of(heading, parts):  # the first card's: the others were passed over with it
        content, heading = list(page_boilerplate.walk(content[0], page_boilerplate.find_boilerplate(content[0]))), None
    if has_article_of_its_own(content, heading, parts):
        return False
    is_front = bool(parts.url) and path_of(parts.url) == "?"
    return is_mostly_links(content, heading, parts) or are_cards(
        list(list_stretches(content, parts)), is_stated=is_stated or is_front
    )


def lists_pages(parts: PageParts) -> bool:
    """Return whether a page states that it lists several other pages of the site."""
    items = [
        item for one in parts.stated if "ItemList" in types_of(one) for item in as_list(one.get("itemListElement"))
    ]
    inner = [item.get("item") or item for item in items if isinstance(item, dict)]
    addresses = {one.get("url") or one.get("@id") if isinstance(one, dict) else one for one in inner}
    return sum(isinstance(one, str) and is_to_page(one, parts) for one in addresses) >= FEWEST


def has_article_of_its_own(content: Sequence[Any], heading: Any, parts: PageParts) -> bool:
    """Return whether an article holds the page's title, or is the only one, and holds no card."""
    articles = [one for one in content if one.tag == "article"]
    above = set(heading.iterancestors()) if heading is not None else set()
    return any(
        parts.lengths.get(one, 0) >= SHORTEST
        and not any(target_of(inner, parts) for tag in HEADINGS for inner in one.iter(tag))
        for one in articles
        if one in above or len(articles) == 1
    )


def notice_of_absence(parts: PageParts, titles: Sequence[str]) -> str:
    """Return the words by which a page says that there is none at its address, as its title or its first heading; ""
    for a page that does not. `titles`: what the page states that it is called.
    """
    if "article" in parts.metas.get("og:type", ()) or any(map(is_piece, parts.on_piece)):
        return ""
    headings = [" ".join(one.text_content().split()) for one in parts.content if one.tag == "h1"][:3]
    cut = [part for title in titles for part in (title, *SEPARATORS.split(title))]
    stated = (words.strip() for words in (*cut, *headings))
    return next((words for words in stated if 0 < len(words) <= LONGEST_LINK * 2 and NO_SUCH_PAGE.fullmatch(words)), "")


# Lines that begin with a link


def is_mostly_links(content: Sequence[Any], heading: Any, parts: PageParts) -> bool:
    """Return whether hardly a word of a page stands outside of lines that begin with a link to another of its pages."""
    whole = listed = 0
    lines: set[str] = set()
    inside: set[Any] = set()
    for element in content:
        if element.tag in UNSEEN or element is heading:
            continue
        whole += len((element.text or "").strip()) + len((element.tail or "").strip())
        length = parts.lengths.get(element, 0)
        if element in inside or element.tag not in LINES or not FEWEST_LETTERS <= length <= LONGEST_TEASER:
            continue
        links = [link for link in element.iter("a") if is_to_page(link.get("href") or "", parts)]
        if len(links) == 1 and begins_with(element, links[0]) and parts.lengths.get(links[0], 0) >= FEWEST_LETTERS:
            lines.add(links[0].get("href"))
            listed += length
            inside |= set(element.iter())
    return len(lines) >= FEWEST_LINES and listed >= whole * MOST_ALONE


def begins_with(element: Any, link: Any) -> bool:
    """Return whether an element begins with a link, but for a date, and the link begins no sentence."""
    whole, own = " ".join(" ".join(element.itertext()).split()), " ".join(" ".join(link.itertext()).split())
    before, found, behind = whole.partition(own or "\n")
    if not found or len(before.split()) > MOST_BEFORE_LINK:
        return False
    if element.tag == "p" and any(sign.isalpha() for sign in before) and not any(sign.isdigit() for sign in before):
        return False
    return len(behind) < SHORTEST_PROSE or not behind.lstrip()[0].islower()


# Cards


def are_cards(stretches: Sequence[Stretch], *, is_stated: bool) -> bool:
    """Return whether nearly all stretches of a page are cards, and hardly a paragraph stands outside of them."""
    closing = Counter(one.closing[1] for one in stretches if one.closing[0])
    for one in stretches:
        if closing[one.closing[1]] >= FEWEST and one.length <= LONGEST_BELOW_HEADING:
            one.target = one.target or one.closing[0]  # Read more, below a heading that is no link
    first = next((place for place, one in enumerate(stretches) if one.target), len(stretches))
    opening = stretches[:first]
    has_heading = any(one.heading is not None for one in opening)
    longest = LONGEST_BELOW_HEADING if has_heading else LONGEST_TEASER
    begins_as_piece = any(one.heading is not None and one.prose for one in opening)
    if not is_stated and any(one.heading is not None and one.has_day and one.prose >= SHORTEST for one in opening):
        return False  # a list has no day of its own
    cards: list[Stretch] = []
    others: list[Stretch] = []
    for one in stretches[first:]:
        is_last = one is stretches[-1] and len(cards) >= FEWEST - 1  # below it stands what follows all of them
        if one.target and (is_last or is_card(one, longest, begins_as_piece=begins_as_piece)):
            cards.append(one)
        elif one.target or not cards or not is_part(one, cards[-1]):
            others.append(one)
    others = [one for one in others if one.length > EMPTY or one.target]
    share = MOST_STATED if is_stated else MOST_ALONE
    if len({one.target for one in cards}) < FEWEST or len(cards) < share * (len(cards) + len(others)):
        return False
    outside = sum(one.prose for one in (*opening, *others))
    return outside <= max(LONGEST_OPENING, sum(one.length for one in cards) / 2 if is_stated else 0)


def is_card(one: Stretch, longest: int, *, begins_as_piece: bool) -> bool:
    """Return whether a stretch that leads to another page shows that, and is no part of a piece on this one."""
    if one.length <= longest:
        return True
    is_its_own = one.has_day or one.has_article or one.closing[0] == one.target
    return one.is_wrapped and (is_its_own or not begins_as_piece)


def is_part(one: Stretch, card: Stretch) -> bool:
    """Return whether a stretch is a part of the card before it, as whole pieces on a front page have them."""
    return card.is_wrapped and card.heading is not None and one.heading.tag > card.heading.tag


def list_stretches(content: Sequence[Any], parts: PageParts) -> Iterator[Stretch]:
    """Yield what stands before the first heading, and below each."""
    targets = {one: target_of(one, parts) for one in content if one.tag in HEADINGS}
    leading = [one for one, target in targets.items() if target]
    wrapped = find_wrapped(leading, parts.lengths)
    articles = {one: next(one.iterancestors("article"), None) for one in leading}
    held = Counter(articles.values())
    now = Stretch()
    inside: set[Any] = set()  # of what is passed over
    paragraphs: set[Any] = set()
    links: set[Any] = set()
    for element in content:
        if element in inside or element.tag in UNSEEN:
            continue
        if element in targets or (
            element.tag == "footer" and not any(e.tag == "article" for e in element.iterancestors())
        ):
            inside = set(element.iter())
            if element in targets:
                yield ended(now)
                now = Stretch(element, targets[element], is_wrapped=element in wrapped)
                article = articles.get(element)
                now.has_article = article is not None and held[article] == 1
            continue
        now.add(element, parts, in_paragraph=element in paragraphs, in_link=element in links)
        if element.tag == "p" and element not in paragraphs:
            paragraphs = set(element.iter())
        elif element.tag == "a":
            links = set(element.iter())
    yield ended(now)


def ended(stretch: Stretch) -> Stretch:
    """Return a stretch without its last link where more stands behind that."""
    if stretch.behind > EMPTY:
        stretch.closing = ("", "")
    return stretch


def find_wrapped(headings: Sequence[Any], lengths: dict[Any, int]) -> set[Any]:
    """Return those of the headings that stand in an element of their own, with words below, beside others such."""
    beside: dict[Any, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for heading in headings:
        holder = heading
        for _, above in zip(range(DEEPEST), heading.iterancestors(), strict=False):
            if lengths.get(holder, 0) > lengths.get(heading, 0) + EMPTY:
                beside[above][holder].append(heading)
            holder = above
    groups = [held for held in beside.values() if len(held) >= FEWEST]
    return {heading for held in groups for headings_in in held.values() for heading in headings_in}


# Links


def target_of(heading: Any, parts: PageParts) -> str:
    """Return the path of the one other page of the same site that a heading leads to; "" for any other heading."""
    links = heading.xpath("./descendant::a/@href | ./ancestor::a[1]/@href")
    return path_at(str(links[0]), parts) if len(links) == 1 and is_to_page(str(links[0]), parts) else ""


def path_at(link: str, parts: PageParts) -> str:
    """Return the path and query of the page that a link leads to."""
    return path_of(urljoin(parts.url, link))


def is_to_page(link: str, parts: PageParts) -> bool:
    """Return whether a link leads to another page of the same site."""
    if not link or link.startswith("#"):
        return False
    try:
        address = urljoin(parts.url, link)
        same_site = not parts.url or urlsplit(address).hostname == urlsplit(parts.url).hostname
    except ValueError:
        return False
    return same_site and path_of(address) not in parts.paths and urlsplit(address).scheme in {"http", "https"}
