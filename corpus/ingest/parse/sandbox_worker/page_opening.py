"""Where a piece begins and ends on its page: what stands between its title and its prose, and in its foot, is of it.

What stands behind the prose is as likely a comment's, the next piece's or a reader's praise, in every language and
under every name. So it counts only in the foot of the piece: with no other words before, beside or behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MOST_BEFORE = 2  # paragraphs of prose before which a day or a name stands by the title: one may be a summary
SHORTEST_PROSE = 80  # characters of a paragraph
MOST_WORDS = 3  # beside links, behind a day or a name in the foot
MOST_BESIDE = 6  # in its line there, or in what that stands in
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ON_AUTHORS = re.compile(
    r"\b(?:author|autor(?:in|en)?|auteur|autore|writer|writers|written|verfasser|profil|作者|著者|автор)\b",
    re.IGNORECASE,
)
# Links of a foot: to the author, or to what the piece is filed under.
OF_FOOT = re.compile(r"/(?:@|author|autor|auteur|people|person|profile|user|staff|tag|categor|topic|kategorie|thema)")
INLINE = frozenset("a abbr b bdi cite em i small span strong time address label font u".split())
SENTENCE_END = re.compile(r"[.!?:…]\W*$")
PUBLISHING = re.compile(r"publish|post|written|veröffentlich|publi|erschien|geschrieben|gepost", re.IGNORECASE)
MOST_ASKED = 300  # elements behind the prose: a page with more was made to keep us busy
MOST_SIBLINGS = 200  # that are looked at behind an element
MOST_IN_LINE, LONGEST_LINE = 50, 3000  # elements and characters of a line


@dataclass(frozen=True, slots=True)
class PageOpening:
    """Where the prose of a piece begins. `later`: the elements behind its first paragraphs; `first`: the first of
    those (None on a page without paragraphs). `content`: what is no boilerplate.
    """

    later: frozenset[Any]
    first: Any
    content: frozenset[Any]
    lengths: dict[Any, int]
    asked: list[Any] = field(default_factory=list)

    def is_of_piece(self, element: Any) -> bool:
        """Return whether a short element is read as one of the piece: by its title, or alone in its foot."""
        if element not in self.later:
            return True
        self.asked.append(element)
        return len(self.asked) <= MOST_ASKED and self._is_in_foot(element)

    def _is_in_foot(self, element: Any) -> bool:
        """Return whether an element behind the prose is the last of the piece, and no part of something else."""
        holders = set(self.first.iterancestors())
        block = element
        for above in element.iterancestors():
            if above in holders:
                break
            block = above
        above = block.getparent()
        if above is None or self._is_outside_of_article(block):
            return False
        others = words_outside_links(block) - words_outside_links(element)
        if others > MOST_BESIDE and not PUBLISHING.search(" ".join(block.itertext())[:LONGEST_LINE]):
            return False
        before = block.getprevious()
        while before is not None and not self.lengths.get(before, 0):
            before = before.getprevious()
        if before is not None and before.tag in HEADINGS and not ON_AUTHORS.search(" ".join(before.itertext())[:100]):
            return False
        links = [str(link.get("href") or "") for link in block.iter("a") if link is not element]
        if any(leads_on(link) for link in links if not element.xpath("ancestor::a")):
            return False
        return not self._is_followed(element, block)

    def _is_outside_of_article(self, block: Any) -> bool:
        """Return whether the prose stands in an article that a block is neither in nor the foot of."""
        article = next((one for one in self.first.iterancestors() if one.tag == "article"), None)
        is_foot = article is not None and block.tag == "footer" and block.getparent() is article.getparent()
        return article is not None and not is_foot and article not in block.iterancestors()

    def _is_followed(self, element: Any, block: Any) -> bool:
        """Return whether words stand behind an element, in its block or behind that: then it is the head of them."""
        at, words = element, 0
        while at is not None:
            words += len((at.tail or "").split()) if at is not block else 0
            for count, following in enumerate(at.itersiblings()):
                if count > MOST_SIBLINGS:
                    break
                if following in self.content and following.tag not in HEADINGS:
                    words = max(words, words_outside_links(following))
            if words > MOST_WORDS or at is block:
                break
            at = at.getparent()
        return words > MOST_WORDS


def leads_on(link: str) -> bool:
    """Return whether a link leads to another piece, and not to an author or a subject."""
    try:
        path = urlsplit(link).path
    except ValueError:
        return True
    return len(path) > 1 and not OF_FOOT.search(link.lower())


def words_outside_links(element: Any) -> int:
    """Return how many words an element has outside of links, days and figures."""
    texts = element.xpath(".//text()[not(ancestor::a or ancestor::script or ancestor::style)]")
    return len(re.findall(r"[^\W\d_]{2,}", " ".join(map(str, texts[:50]))))


def find_opening(content: Sequence[Any], heading: Any, lengths: dict[Any, int]) -> PageOpening:
    """Return where the prose of a piece begins, behind its heading."""
    later: set[Any] = set()
    first: Any = None
    passed, count = False, 0  # without a heading nobody knows where a piece begins
    inside: set[Any] = set()
    for element in content:
        passed = passed or element is heading
        if count >= MOST_BEFORE and element not in inside:
            later.add(element)
        if passed and element.tag == "p" and lengths.get(element, 0) >= SHORTEST_PROSE:
            first = element if first is None else first
            count += 1
            inside = set(element.iter())
    return PageOpening(frozenset(later), first, frozenset(content), lengths)


def is_in_sentence(element: Any) -> bool:
    """Return whether an element with a day stands within a sentence, which tells of that day."""
    line = line_around(element)
    whole = " ".join(line.split())
    if not SENTENCE_END.search(whole) or PUBLISHING.search(whole):
        return False
    own = " ".join(" ".join(element.itertext()).split())
    return len([word for word in whole.replace(own, " ").split() if word[:1].islower()]) > 1


def line_around(element: Any) -> str:
    """Return the words of the line that an element stands in, between two blocks or breaks."""
    while (above := element.getparent()) is not None and above.tag in INLINE:
        element = above
    before, after = [], [" ".join(element.itertext()), element.tail or ""]
    for count, one in enumerate(element.itersiblings(preceding=True)):
        before.append(one.tail or "")
        if one.tag not in INLINE or count > MOST_IN_LINE:
            break
        before.append(" ".join(one.itertext()))
    else:
        before.append((above.text or "") if above is not None else "")
    for count, one in enumerate(element.itersiblings()):
        if one.tag not in INLINE or count > MOST_IN_LINE:
            break
        after += [" ".join(one.itertext()), one.tail or ""]
    return " ".join((*reversed(before), *after))[:LONGEST_LINE]
