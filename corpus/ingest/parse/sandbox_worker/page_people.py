"""Whom a page names as the author of its piece, as it is written: by what says so, the most exact first.

Nobody who took a picture, wrote a comment or made the page's design is named: of the page's words only those count that
stand by the title, or are marked as the author's, outside of the page_boilerplate. What is a name, others decide.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from . import page_boilerplate
from .page_opening import HEADINGS, PUBLISHING, line_around
from .page_parts import PageParts
from .structured_data import persons_of

Written = tuple[str, tuple[str, ...]]  # where it was found, and the names as they stand there

# Of metadata, in the order of how exact they are. "author" alone is often that of the website, and comes last.
OF_THE_PIECE = """citation_author bepress_citation_author article:author parsely-author sailthru.author byl byline
    cse_author search.byline author-name article.author dc.creator dcterms.creator dc.creator.personalname""".split()
LAST = "author authors creator og:author article_author".split()
LABELS = re.compile(
    r"(?:written|posted|published)?\s*by|authors?|verfasst von|autor(?:in)?|écrit par|auteure?|escrito por"
    r"|scritto da|geschreven door|skrevet av|kirjoittanut|автор",
    re.IGNORECASE,
)
MARKED = frozenset(
    "author authors byline bylines autor autoren auteur auteurs autore writer fullname verfasser".split()
)
# Words that stand beside such a mark where it marks something else than the name.
OTHERWISE = frozenset(
    """bio biography image img avatar photo picture thumb thumbnail desc description about box card
    social follow share twitter facebook posts more website title role job position profile count date time icon
    published updated subscribe newsletter tooltip popup form""".split()
)
OTHER_WORKS = frozenset("book books quote quotes testimonial testimonials product album film".split())
DESIGN = re.compile(r"\b(?:theme|template|design(?:ed)?|powered|hosted|website|site)\b[^.]{0,30}\bby\b", re.IGNORECASE)
PHOTO = re.compile(r"photo|foto|image|bild|illustration|grafi|credit|picture|video|camera|caption", re.IGNORECASE)
BYLINE = re.compile(
    r"(?:(?:words|text|story|report|essay|post|analysis|opinion|commentary|written|posted|published|article"
    r"|interview|guest\s+(?:post|essay|column))\s+)?"
    r"(?:by|von|par|por|door|di|af|av|autor|author|text|words)\b\s*:?\s+\S|(?:作者|文|撰文|記者|记者)\s*[:：／/]\s*\S"
    r"|(?:geschrieben|verfasst|veröffentlicht)\s+von\s+\S|(?:eine?\s+)?(?:analyse|kommentar|essay|kolumne|interview|gastbeitrag"
    r"|bericht|reportage|gespräch|porträt|rezension|protokoll)\s+von\s+\S|авторы?\s*:\s*\S"
    r"|(?:filed\s+under|posted\s+in)\s[^|]{1,60}?\sby\s+\S|[^\W\d_][^|,]{1,60},?\s+interviewed\s+by\s+\S"
    r"|(?:écrit|publié|rédigé|propos\s+recueillis)\s+par\s+\S|(?:escrito|publicado)\s+por\s+\S",
    re.IGNORECASE,
)
ONE_WORD = re.compile(r"[^\W\d_]{2,5}\s+[^\W\d_]+[.!]?")  # By Design
AUTHOR = re.compile(
    r"\s*(?:authors?|autor(?:in|en)?|verfasser(?:in)?|auteure?s?|autore|作者|written by|posted by)\s*:?\s*",
    re.IGNORECASE,
)
BEHIND_NAMES = re.compile(
    r"(?<=[a-z])\.\s+(?:edited|translated|illustrated|photo\w*|additional|with\s+reporting)\b.*", re.IGNORECASE
)
PROFILE = re.compile(
    r"/(?:@|authors?|autor(?:en|es|i|e)?|auteurs?|people|person|profiles?|users?|contributors?|staff|by|writers?"
    r"|redacteur|redakteur|journaliste?s?)/?",
    re.IGNORECASE,
)
BLOCKS = frozenset("p div li ul ol dl dt dd table tbody tr td section article header footer h1 h2 h3 h4".split())
LIST_GOES_ON = re.compile(r"\s*(?:[,;&+/]|(?:and|und|et|y|e|with)\b)", re.IGNORECASE)
LONGEST_LINE = 200  # characters of a byline
NEAR = 1200  # characters below the title in which an unmarked byline stands
MOST_NAMES, MOST_LOOKED_AT = 200, 40
LOWER = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def find_people(parts: PageParts) -> list[Written]:
    """Return whom the page names, by where it names them."""
    metas = parts.metas
    found: list[Written] = [("JSON-LD author", tuple(persons_of(one, parts.stated))) for one in parts.on_piece]
    found.append(("microdata author", tuple(names_in_microdata(parts))))
    found += [(f"meta {name}", metas[name]) for name in OF_THE_PIECE if name in metas]
    found.append(("meta twitter:data", tuple(labelled_values(metas))))
    found += bylines(parts)
    found += [(f"meta {name}", metas[name]) for name in LAST if name in metas]
    return [(origin, names[:MOST_NAMES]) for origin, names in found if names]


def labelled_values(metas: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the values that a card for social networks labels as "Written by"."""
    for number in ("1", "2"):
        labels, values = metas.get(f"twitter:label{number}", ()), metas.get(f"twitter:data{number}", ())
        if labels and values and LABELS.fullmatch(labels[0].strip(" :")):
            yield values[0]


def names_in_microdata(parts: PageParts) -> Iterator[str]:
    """Yield the names of what is marked as the piece's author, in microdata or RDFa."""
    taken: set[Any] = set()
    for element in parts.content:
        marks = f"{element.get('itemprop') or ''} {element.get('property') or ''}".split()
        if not {"author", "schema:author", "dc:creator", "dcterms:creator"} & set(marks) or element in taken:
            continue
        if element.tag == "meta" and element.get("property"):
            continue  # read as metadata
        if re.search(r"Organization|Corporation", element.get("itemtype") or element.get("typeof") or ""):
            continue
        if not parts.is_of_piece(element):
            continue
        taken |= set(element.iter())
        inner = element.xpath('.//*[contains(concat(" ", @itemprop, " "), " name ") or contains(@property, "name")]')
        named = [one.get("content") or line_of(one) for one in inner] or [element.get("content") or line_of(element)]
        yield from (name for name in named if name and len(name) <= LONGEST_LINE * 5)


def bylines(parts: PageParts) -> Iterator[Written]:
    """Yield the names of elements that are marked as the author's, then of a line by the title that says "by"."""
    marked: list[tuple[Any, tuple[str, ...], int]] = []
    taken: set[Any] = set()
    for element, distance in parts.around_title():
        is_candidate = len(marked) < MOST_LOOKED_AT and element not in taken and is_marked(element)
        if not is_candidate or not is_by_the_piece(element, parts) or is_of_other_work(element):
            continue
        if names := tuple(names_within(element, parts.lengths)):
            taken |= set(element.iter())
            marked.append((element, names, distance))
    for origin, chosen in (
        ("rel=author", [one for one in marked if "author" in (one[0].get("rel") or "").split()]),
        ("byline", marked),
    ):
        if names := names_of_one_byline(chosen):
            yield origin, names
    for element, distance in parts.around_title():
        is_near = 0 < distance <= NEAR and element.tag not in HEADINGS
        is_short = 0 < parts.lengths.get(element, 0) <= LONGEST_LINE
        if is_near and is_short and is_line(element) and parts.opening.is_of_piece(element):
            yield "line below the title", (line_of(element),)
            break
    yield from labelled_lines(parts)


def labelled_lines(parts: PageParts) -> Iterator[Written]:
    """Yield the first short line of the piece that begins with a label as "Author"."""
    for element in parts.content:
        above = element.getparent()
        if above is None or not AUTHOR.fullmatch((element.text or "")[:40]):
            continue
        if parts.lengths.get(element, 0) < parts.lengths.get(above, 0) <= LONGEST_LINE:
            yield "line that says so", (line_of(above),)
            return


def names_of_one_byline(marked: Sequence[tuple[Any, tuple[str, ...], int]]) -> tuple[str, ...]:
    """Return the names that stand in one place by the title; of places far below it, a name that is the only one."""
    near = [one for one in marked if 0 < one[2] <= NEAR] or [one for one in marked if one[2] <= 0]
    if near:
        first = near[0][0]
        place = [first.getparent(), *list(first.iterancestors())[1:3]]
        place = [one for one in place if one is not None and one.tag not in {"article", "main", "body", "html"}]
        together = [
            names
            for element, names, _ in near[:MOST_LOOKED_AT]
            if element is first or any(above in place for above in list(element.iterancestors())[:3])
        ]
        return tuple(dict.fromkeys(name for names in together for name in names))
    names = {name for _, names, _ in marked for name in names}
    return tuple(names) if len(names) == 1 else ()


def is_marked(element: Any) -> bool:
    """Return whether an element says that it holds the name of the author."""
    if element.tag in {"meta", "body", "html", "main", "article", "link"}:
        return False
    if "author" in (element.get("rel") or "").split():
        return True
    names = page_boilerplate.words_named(element)
    if element.get("data-component") in {"Byline", "byline"} or element.tag == "author":
        return True
    return bool(MARKED & names) and not (OTHERWISE & names)


def is_by_the_piece(element: Any, parts: PageParts) -> bool:
    """Return whether a mark stands by the title, in the foot, or in a line that says that its author published it."""
    if parts.opening.is_of_piece(element):
        return True
    line = line_around(element)
    is_author = "author" in (element.get("rel") or "").split() and PUBLISHING.search(line) is not None
    title = " ".join(parts.title.text.split())
    return is_author or (bool(title) and title in " ".join(line.split()))


def is_of_other_work(element: Any) -> bool:
    """Return whether a mark is that of a book, a quotation or the page's design."""
    near = [element, *(above for _, above in zip(range(2), element.iterancestors(), strict=False))]
    named = (page_boilerplate.words_named(one) for one in near if one.tag not in {"article", "main", "body"})
    return any(OTHER_WORKS & names for names in named) or bool(DESIGN.search(line_around(element)))


def names_within(element: Any, lengths: dict[Any, int]) -> Iterator[str]:
    """Yield what is written as names in a marked element: its links to profiles, its marked parts, or all of it."""
    if lengths.get(element, 0) > LONGEST_LINE * 20:
        return
    if PHOTO.search(line_of(element)[:30]) or PHOTO.search(f"{element.get('class')} {element.get('id')}"):
        return
    whole = line_in_parts(element)
    inner = [one for one in element.iterdescendants() if isinstance(one.tag, str)][:200]
    profiles = [one for one in inner if one.tag == "a" and PROFILE.search(one.get("href") or "") and line_of(one)]
    named = [
        one
        for one in inner
        if {"fn", "name"} & page_boilerplate.words_named(one) and not OTHERWISE & page_boilerplate.words_named(one)
    ]
    named = [one for one in named if 0 < len(line_of(one)) <= 100]  # noqa: PLR2004  characters of a name
    if len(whole) > LONGEST_LINE * 3 and not profiles and not named:
        return
    if BYLINE.match(whole) and len(whole) <= LONGEST_LINE:
        yield whole
    elif named or profiles:
        yield from dict.fromkeys(line_of(one) for one in (named or profiles))
    elif len(whole) <= LONGEST_LINE:
        yield whole


def line_in_parts(element: Any) -> str:
    """Return an element's words in one line, with a sign between a part that is a byline by itself and what follows."""
    first = element[0] if len(element) > 1 and not (element.text or "").strip() else None
    line = line_of(element)
    own = line_of(first) if first is not None and isinstance(first.tag, str) and not (first.tail or "").strip() else ""
    is_byline = BYLINE.match(own) and len(own.split()) > 2 and not LIST_GOES_ON.match(line[len(own) :])  # noqa: PLR2004
    return f"{own} | {line[len(own) :].strip()}" if is_byline else line


def is_line(element: Any) -> bool:
    """Return whether an element is a line that says who wrote the piece, and no sentence."""
    if any(child.tag in BLOCKS for child in element):
        return False
    words = line_of(element)
    is_sentence = re.search(r"[.!?]\s+[A-Z].*[.!?]$", BEHIND_NAMES.sub("", words)) is not None
    return bool(BYLINE.match(words)) and not is_sentence and not ONE_WORD.fullmatch(words)


def line_of(element: Any) -> str:
    """Return an element's words in one line."""
    return " ".join(" ".join(element.xpath(".//text()[not(parent::script or parent::style)]")).split())
