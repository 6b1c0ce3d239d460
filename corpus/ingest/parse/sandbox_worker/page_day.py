"""What a page writes of the day on which its piece was published: for programs, or by the title. Others parse it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from . import page_boilerplate
from .elements import is_data
from .page_opening import is_in_sentence
from .page_parts import PageParts

Written = tuple[str, str]  # where it was found, and what stands there: a date, or a line with one

PUBLISHED = """article:published_time og:article:published_time og:published_time article:published
    citation_publication_date citation_online_date dc.date.issued dcterms.issued dc.date.created dcterms.created
    dcterms.available bepress_citation_date parsely-pub-date sailthru.date datepublished date_published pubdate
    pub_date publish_date publish-date publishdate publicationdate publication_date published_date
    prism.publicationdate cxenseparse:recs:publishtime article_date_original originalpublicationdate
    article.created date.created dcsext.articlefirstpublished rnews:datepublished citation_date dc.date dc:date
    dcterms.date date article_date creation_date datecreated article:created""".split()
CHANGED = "article:modified_time og:updated_time dcterms.modified dc.date.modified last-modified lastmod".split()
DATED = frozenset(
    "date dates published publish pubdate dateline posted datum timestamp postdate entrydate time".split()
)
NO_DAYS = frozenset("updated modified update clock today current countdown event read reading".split())
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LONGEST_TEXT = 20_000  # characters in which words that introduce a date are sought
LONGEST_ALONE = 60  # characters of a line that is hardly more than a date
DAY_LIKE = re.compile(r"\d")
LABEL = re.compile(
    r"(?:first\s+)?(?:published|posted|written|publication\s+date|date\s+of\s+publication|date\s+published|veröffentlicht|publiziert|erschienen"
    r"|erstellt\s+am|gespeichert\s+von|publié|mis\s+en\s+ligne|publicado|pubblicato|gepubliceerd|geplaatst|publicerad|udgivet|julkaistu"
    r"|opublikowano|опубликовано|dieser\s+(?:artikel|beitrag|eintrag)\s+wurde)\b",
    re.IGNORECASE,
)
UNSEEN = frozenset({"script", "style", "noscript", "template"})
HEADS = frozenset("header head top banner site toolbar clock".split())
INLINE = frozenset("span strong b em i label dt small abbr th td".split())
BLOCKS = frozenset("body main article section header".split())
DATE_LABEL = re.compile(r"\s*(?:date|datum|fecha|data|日期|发布时间|掲載日)\s*[:：]?\s*", re.IGNORECASE)
NEAR = 1000  # characters below the title in which its date stands
ABOVE = 150  # characters above the title in which it may stand
LONGEST_LINE = 220  # characters
MOST_PARTS = 100  # elements in a line: one with more was made to keep us busy
MOST = 40  # candidates of each kind


def find_days(parts: PageParts) -> list[Written]:
    """Return what may be the day of publication, the likeliest first; last what is the day of a change."""
    found = [("JSON-LD datePublished", one.get("datePublished")) for one in parts.on_piece]
    found += [("microdata datePublished", value) for value in values_of(parts, "datePublished")]
    found += [("JSON-LD dateCreated", one.get("dateCreated") or one.get("uploadDate")) for one in parts.on_piece]
    found += [(f"meta {name}", value) for name in PUBLISHED for value in parts.metas.get(name, ())[:1]]
    found += [("microdata dateCreated", value) for value in values_of(parts, "dateCreated")]
    found += lines_by_the_title(parts)
    found += dated_elements(parts)
    found += labelled_lines(parts)
    found += in_address(parts.url)
    found += [("JSON-LD dateModified", one.get("dateModified")) for one in parts.on_piece]
    found += [(f"meta {name}", value) for name in CHANGED for value in parts.metas.get(name, ())[:1]]
    return [
        (origin, " ".join(value.split())[:LONGEST_LINE])
        for origin, value in found
        if isinstance(value, str) and value.strip()
    ]


def values_of(parts: PageParts, name: str) -> list[str]:
    """Return the values of a property in microdata or RDFa, outside of comments and other pieces."""
    found = []
    for element in parts.content:
        marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}".replace("schema:", "").split()
        if name in marks and parts.is_of_piece(element):
            found.append(element.get("content") or element.get("datetime") or line_of(element, parts))
    return [value for value in found if value][:MOST]


def lines_by_the_title(parts: PageParts) -> Iterator[Written]:
    """Yield the dates that stand below the title, or close above it, each as its line."""
    above: list[tuple[str, str, int]] = []
    seen: set[str] = set()
    passed = 0  # characters so far
    for element, below in parts.around_title():
        if below > NEAR:
            break
        if below and above:
            above = [one for one in above if passed - one[2] <= ABOVE]
        if not parts.opening.is_of_piece(element):
            continue
        for origin, text in dates_of(element, parts):
            if text not in seen and below:
                yield f"{origin} below the title", text
            elif text not in seen and stands_with_title(element, parts.title.heading):
                above.append((f"{origin} above the title", text, passed))
            seen.add(text)
        if not below:
            passed += len((element.text or "").strip()) + len((element.tail or "").strip())
    yield from ((origin, text) for origin, text, at in reversed(above) if passed - at <= ABOVE)


def stands_with_title(element: Any, heading: Any) -> bool:
    """Return whether what stands above the title belongs to it: in one part of the page, not the site's head."""
    holders = set[Any]()
    for above in heading.iterancestors():
        holders.add(above)
        if above.tag in {"main", "article", "body"} or page_boilerplate.words_named(above) & {"content", "main"}:
            break  # what stands outside of that is the site's
    holders = {one for one in holders if one.tag != "body"}
    if element.getnext() is heading:
        return True
    for above in (element, *element.iterancestors()):
        if above in holders:
            return True
        names = page_boilerplate.words_named(above)
        if names & HEADS and not names & page_boilerplate.NAMES_OF_PIECES:
            return False
    return False


def dates_of(element: Any, parts: PageParts) -> Iterator[Written]:
    """Yield what an element itself writes that may be a date."""
    names = page_boilerplate.words_named(element)
    if is_in_series(element):
        return
    if element.tag == "meta" or is_of_change(names) or "dateModified" in (element.get("itemprop") or ""):
        return
    if element.tag in {"time", "abbr"}:
        given = element.get("datetime") or element.get("title") or ""
        if DAY_LIKE.search(given):
            if is_in_sentence(element):
                return
            yield "<time>" if element.tag == "time" else "date", f"{label_before(element)} {given}".strip()
            return
    own = [element.text or "", *(child.tail or "" for child in element)]
    is_whole = bool(DATED & names) and 0 < parts.lengths.get(element, 0) <= LONGEST_ALONE  # its parts may be elements
    if not is_whole and not any(DAY_LIKE.search(text) for text in own):
        return
    line = line_of(element, parts)
    if line:
        yield "date", f"{label_before(element)} {line}".strip()


def is_in_series(element: Any) -> bool:
    """Return whether an element stands in a list or a table that tells of several days, or of what was on one."""
    for _, above in zip(range(5), (element, *element.iterancestors()), strict=False):
        if above.tag == "li" and above.getparent() is not None:
            others = [one for one in above.getparent().iterchildren("li") if one is not above][:MOST]
            return any(YEAR.search(" ".join(islice(one.itertext(), MOST))[:LONGEST_LINE]) for one in others)
        if above.tag == "td" and not DATED & page_boilerplate.words_named(element):
            row = above.getparent()
            first = " ".join(row[0].itertext())[:LONGEST_ALONE]
            table = next(above.iterancestors("table"), None)
            is_labelled = LABEL.search(first) or DATE_LABEL.fullmatch(first)
            return table is not None and is_data(table) and not is_labelled
    return False


def is_of_change(names: set[str]) -> bool:
    """Return whether an element's names say that it holds another day; "published updated" is said of a first one."""
    return bool(NO_DAYS & names) and not names & {"published", "publish", "post", "entry"}


def label_before(element: Any) -> str:
    """Return the words that stand before an element in its line: they may say what day it is."""
    before = element.getprevious()
    if before is None:
        above = element.getparent()
        return short_label((above.text or "") if above is not None and above.tag not in BLOCKS else "")
    own = " ".join(before.itertext()) if before.tag in INLINE and len(before) < 3 else ""  # noqa: PLR2004
    return short_label(own) + " " + short_label(before.tail or "")


def short_label(text: str) -> str:
    """Return a text that may be a label, in one line; "" for one that is longer, or is a date itself."""
    line = " ".join(text.split())
    return line if len(line) <= 40 and not DAY_LIKE.search(line) else ""  # noqa: PLR2004  characters


def line_of(element: Any, parts: PageParts) -> str:
    """Return a short element's words in one line, without what is no day of publication; else the first of its own
    words that may have a date in them.
    """
    if (
        parts.lengths.get(element, 0) <= LONGEST_LINE
        and sum(1 for _ in islice(element.iter(), MOST_PARTS)) < MOST_PARTS
    ):
        return " ".join(" ".join(words_of(element)).split())
    own = [" ".join((text or "").split()) for text in (element.text, *(child.tail for child in element))]
    return next((text for text in own if DAY_LIKE.search(text) and len(text) <= LONGEST_LINE), "")


def words_of(element: Any) -> Iterator[str]:
    """Yield the words of an element, without those of a change and of what is hidden."""
    yield element.text or ""
    for child in element:
        hidden = child.tag in UNSEEN or "display:none" in (child.get("style") or "").replace(" ", "")
        if not hidden and not (len(child) == 0 and is_of_change(page_boilerplate.words_named(child))):
            yield from words_of(child)
        yield child.tail or ""


def dated_elements(parts: PageParts) -> Iterator[Written]:
    """Yield the dates that are marked as such or stand alone: if they are not one, others' are among them."""
    found: dict[str, None] = {}
    heading = parts.title.heading
    inside = {e for e in heading.iterancestors() if e.tag not in {"html", "body"}} if heading is not None else set()
    for element, below in parts.around_title():
        if is_of_change(names := page_boilerplate.words_named(element)):
            continue
        if inside and not inside & set(element.iterancestors()):
            continue  # outside of what holds the piece: the site's
        if not below and not stands_with_title(element, heading):
            continue
        is_short = parts.lengths.get(element, 0) <= LONGEST_ALONE
        is_alone = is_short and YEAR.search(element.text or "") is not None
        if element.tag == "time" or is_alone or (is_short and DATED & names):
            text = element.get("datetime") or line_of(element, parts)
            is_narrated = element.tag == "time" and is_in_sentence(element)
            if (
                DAY_LIKE.search(text)
                and not is_narrated
                and not is_in_series(element)
                and parts.opening.is_of_piece(element)
            ):
                found.setdefault(text)
        if len(found) > MOST:
            return
    yield from (("the page's only date", text) for text in found)


def labelled_lines(parts: PageParts) -> Iterator[Written]:
    """Yield the lines anywhere in the piece that say that they tell when it was published."""
    count = 0
    for element in parts.content:
        for text in (element.text, element.tail):
            if text and len(text) < LONGEST_TEXT and (label := LABEL.search(text) or DATE_LABEL.fullmatch(text)):
                above = element if text is element.text else element.getparent()
                line = line_of(above, parts) if above is not None else ""
                if above is not None and not DAY_LIKE.search(line) and above.getparent() is not None:
                    line = line_of(above.getparent(), parts)
                start = LABEL.search(line)
                if start is None and text[: label.start()].strip():
                    continue  # within a sentence, whose day stands elsewhere in it
                line = line[start.start() :] if start else f"{text[label.start() :][:LONGEST_ALONE]} {line}"
                yield "line that says so", line[:100]
                count += 1
        if count > MOST:
            return


def in_address(url: str) -> Iterator[Written]:
    """Yield the day that stands in the page's address, as blogs build theirs."""
    day = re.search(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:[/-]|$)", url)
    if day:
        yield "address", f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
