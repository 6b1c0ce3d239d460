"""What stands around and between a page's words and is none of them: what publishing platforms put into every page.

Nothing is dropped for one word alone: an element has a name that platforms give to it and is a small part of its
page, a line says nothing else than what a button says, and a heading with what follows it stands at the end.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .elements import size_of, size_of_element
from .text_walk import Block, LeftOut, drop_all

# Scripts, forms, and what blog platforms put into a text.
DROPPED = """//script[not(@type="application/ld+json")] | //style | //svg | //template | //button | //form | //iframe
    | //*[contains(@class, "subscription-widget")] | //*[contains(@class, "button-wrapper")]
    | //a[contains(@class, "footnote-anchor")] | //a[contains(@class, "footnote-number")] | //sup[.//a]"""
WIDGETS = """//form | //*[contains(@class, "subscription-widget")] | //*[contains(@class, "button-wrapper")]"""
# Links beside a heading that lead to itself.
PERMALINKS = """(//h1 | //h2 | //h3 | //h4 | //h5 | //h6)//a[starts-with(@href, "#")
    and contains(" # ¶ § 🔗 ", concat(" ", normalize-space(.), " "))]"""
UNMARKED_CODE = "//pre[not(.//code)]"  # it would be taken for a quotation, and lose its lines
# Names of classes, whole: those that trafilatura does not know itself.
NAMES = frozenset(
    """subscribe subscription subscribe-form subscribe-widget signup-form newsletter-signup newsletter-form mc4wp-form
    kg-signup-card kg-cta-card gh-subscribe gh-share wp-block-jetpack-subscriptions jetpack_subscription_widget
    install-substack-app-embed community-chat digest-post-embed embedded-post-wrap post-ufi
    share sharing share-buttons share-links social-share post-share sharedaddy a2a_kit addtoany_share_save_container
    jp-relatedposts yarpp yarpp-related related related-posts related-articles read-next recommended-posts
    author-bio author-box author-card about-author post-author-bio saboxplugin-wrap
    post-navigation nav-links paginav pagination comments-area comments-section post-tags tags-links cat-links
    speechify-ignore""".split()
)
# Words of a class of a box between the paragraphs: newsletter-box, ad-container, podcast-cta.
BOX_WORDS = frozenset(
    """poll promo promotion promotional sponsor sponsored sponsorship advert advertisement advertising ad ads adbox cta
    newsletter subscribe signup donate donation related recirculation""".split()
)
RELATED_WORK = frozenset({"work", "works", "research", "literature"})  # a section of a paper
LONGEST_BOX, LONGEST_LABEL = 500, 25  # characters, without white space: Advertisement
CONTROLS = """.//a[@href and not(starts-with(@href, "#"))] | .//button | .//form | .//input | .//iframe
    | ancestor::a"""
BOXES = ("div", "aside", "section", "figure", "ul", "p", "table")
COMMENTS = frozenset(
    """comment comments commentlist commentslist commenttext commentbody comentarios comentario commentaires commentaire
    kommentar kommentare leserkommentare commenti disqus livefyre respond responses replies reactions""".split()
)
MOST_NAMED = 500  # elements that are looked at: a page with more of them was made to keep us busy
READERS = "comments"  # beside the words of boxes: prose in there is none of a piece
UNREAD = ("script", "style")
SHORTEST_PROSE = 80  # characters in a row without a tag
SMALL = 0.25  # of a page's characters
MODIFIER = re.compile(r"--\S*")  # of a class: a section--ads has ads in it
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def clear(tree: Any, left_out: LeftOut) -> None:
    """Take what platforms put beside a text out of a page, and name what is lost with it."""
    drop_all(tree.xpath(PERMALINKS), "links to a heading", left_out)
    most = max(_size_read(tree) * SMALL, 200)
    forms = [element for element in tree.xpath(WIDGETS) if size_of_element(element) < most]
    named = [element for element in tree.iter() if is_named(element, NAMES)][:MOST_NAMED]
    small = (
        element
        for element in [*forms[:MOST_NAMED], *named, *_find_boxes(tree)]
        if size_of_element(element) < most and not element.xpath("descendant-or-self::h1")
    )
    drop_all(small, "what platforms add", left_out)


def _find_boxes(tree: Any) -> list[Any]:
    """Return the boxes of a page by a word of their class: where they are little beside the prose outside of them.

    A piece whose own paragraphs have the word, or that stands in such a box, is none.
    """
    words: dict[Any, frozenset[str]] = {}  # of an element and of those that it stands in
    boxes: dict[str, list[Any]] = {}  # outermost ones
    within: Counter[str] = Counter()
    prose = 0
    for element in tree.iter("*"):
        above = words.get(element.getparent(), frozenset())
        own = _box_words(element) - above if element.tag in BOXES else frozenset()
        around = above | own if own else above
        words[element] = around | {READERS} if READERS not in around and is_named_as_comments(element) else around
        for word in own:
            boxes.setdefault(word, []).append(element)
        own_text = element.text if element.tag not in UNREAD else ""
        for text, held_by in ((own_text, words[element]), (element.tail, above)):
            if len(text or "") >= SHORTEST_PROSE and READERS not in held_by:
                prose += size_of(text)
                within.update(dict.fromkeys(held_by, size_of(text)))
    found = []
    for word, elements in boxes.items():
        sizes = [_size_read(one) for one in elements[:MOST_NAMED]]
        leading = [one for one, size in zip(elements, sizes, strict=False) if _leads_elsewhere(one, size)]
        if sum(sizes) < SMALL * (prose - within[word]) and len(leading) * 2 > len(sizes):
            found += leading
    return found


def _box_words(element: Any) -> frozenset[str]:
    named = re.findall("[a-z]+", CAMEL.sub(" ", MODIFIER.sub(" ", element.get("class") or "")).lower())
    words = BOX_WORDS.intersection(named)
    return words - {"related"} if words and not RELATED_WORK.isdisjoint(named) else words


def _leads_elsewhere(box: Any, size: int) -> bool:
    """Return whether a short box has something to click, stands in a link, or is no more than a label.

    Else it is prose, as what a poll has come to.
    """
    return size <= LONGEST_LABEL or (size <= LONGEST_BOX and bool(box.xpath(CONTROLS)))


def _size_read(element: Any) -> int:
    """Return how many characters of an element may be read: a page can have a hundred times as many of scripts."""
    return size_of_element(element) - sum(map(size_of_element, element.iter(*UNREAD)))


def prepare(tree: Any) -> None:
    """Take out of a page, and put right in it, what the extractor stumbles over."""
    whole = size_of_element(tree)
    for form in tree.xpath("//form"):
        if size_of_element(form) > SMALL * whole:
            form.tag = "div"  # some programs put one around all of a page
    for unwanted in tree.xpath(DROPPED):
        unwanted.drop_tree()
    for pre in tree.xpath(UNMARKED_CODE):
        code = pre.makeelement("code")
        code.text, pre.text = pre.text, None
        for child in list(pre):
            code.append(child)
        pre.append(code)
    blank_lines = [  # breaks that are the second of two in a paragraph, with nothing between them
        line
        for line in tree.xpath("//p/br")
        if (before := line.getprevious()) is not None and before.tag == "br" and not (before.tail or "").strip()
    ]
    for blank in reversed(blank_lines):
        end_paragraph_at(blank)  # the last first: so nothing is moved twice


def end_paragraph_at(blank: Any) -> None:
    """Make two paragraphs of one that was written with an empty line in it."""
    paragraph = blank.getparent()
    behind = paragraph.makeelement("p")
    behind.text, behind.tail = blank.tail, paragraph.tail
    for following in list(blank.itersiblings()):
        behind.append(following)
    blank.tail = paragraph.tail = None
    paragraph.remove(blank)
    paragraph.addnext(behind)


def is_named(element: Any, names: frozenset[str]) -> bool:
    """Return whether an element has one of these names among its classes."""
    named = str(element.get("class") or "") if isinstance(element.tag, str) else ""
    return not names.isdisjoint(named.split())


def is_named_as_comments(element: Any) -> bool:
    """Return whether an element's class or id names it as comments of readers."""
    names = CAMEL.sub(" ", f"{element.get('class') or ''} {element.get('id') or ''}").lower()
    return element.tag not in {"html", "body"} and not COMMENTS.isdisjoint(re.findall("[a-z]+", names))


PIECE = r"(?:post|piece|article|story|essay|issue|newsletter|episode)"
# What a line says that is a button, or stands beside one. A publication's name begins with a capital letter.
BUTTONS = re.compile(
    rf"""(?i:subscribe(?:\ (?:now|today|for\ free))?|sign\ (?:up|in)(?:\ now)?|upgrade\ to\ paid|leave\ a\ comment
    |share(?:\ (?:this\ )?{PIECE})?|share\ this:?|read\ more|(?:read|continue|keep)\ reading|refer\ a\ friend
    |read\ the\ (?:full|whole|rest\ of\ the)\ {PIECE}|give\ a\ gift\ subscription|get\ \d+%\ off.{{0,40}}
    |this\ {PIECE}\ is\ public,?\ so\ feel\ free\ to\ share\ it|\d{{1,3}}\ min(?:ute)?s?\.?\ read\b.{{0,40}}
    |article\ voiceover|audio\ playback\ is\ not\ supported.{{0,60}}|listen\ to\ (?:this\ )?{PIECE}|member-only\ {PIECE}
    |share\ (?:on|via)\ [\w\ ]{{1,20}}|click\ to\ (?:share|tweet|email|print)\b.{{0,60}}|tweet|facebook|linkedin
    |reddit|whatsapp|copy\ link|(?:did\ someone\ forward|was\ this\ (?:email\ )?forwarded)\b.{{0,120}})[.!:→»…\ ]*
    |Written\ by\ [A-Z][^.!?]{{1,60}}
    |(?i:thank(?:s|\ you)\ (?:so\ much\ )?for\ reading)(?:\ (?i:this\ {PIECE})|\ [A-Z][^.!?]{{0,80}})?[.!]*
     (?:\ (?i:[^.!?]{{0,80}}\b(?:subscribe|subscriber|share|support|public)\b[^.!?]{{0,120}})[.!]+)*
    |[^.!?]{{1,80}}\ is\ a\ reader-supported\ (?:publication|newsletter).{{0,200}}
    |(?i:if\ you\ (?:like|liked|enjoy|enjoyed)\ this\b[^.!?]{{0,80}}\b(?:subscribe|share|subscribing|sharing)\b
     [^.!?]{{0,120}}[.!]*)""",
    re.VERBOSE,
)
LONGEST_BUTTON = 350  # characters
# What stands above a platform's own part at the end of a page.
ENDS = re.compile(
    rf"""related(?:\ (?:posts?|articles?|stories))?|(?:read|up)\ next|read\ more
    |more\ (?:\w+\ )?(?:posts|articles|stories)\b.{{0,40}}|more\ from\ .{{1,60}}
    |you\ (?:may|might)\ also\ (?:like|enjoy).{{0,20}}
    |recommended(?:\ (?:for\ you|from\ .{{1,40}}))?|about\ the\ authors?|written\ by(?:\ .{{1,60}})?
    |share\ this(?:\ {PIECE})?|leave\ a\ (?:reply|comment)|(?:\d+\ )?(?:comments|responses)(?:\ \(\d+\))?
    |discussion\ about\ this\ {PIECE}|subscribe(?:\ (?:now|today|to\ .{{1,60}}))?
    |sign\ up\ (?:for|to)\ .{{1,60}}|get\ the\ newsletter|never\ miss\ an?\ {PIECE}.{{0,40}}|ready\ for\ more\??""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST_END = 1500  # characters, and not more than SMALL of the text


def without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """Return a text without the lines that are buttons, and without a platform's own parts at its end."""

    def is_button(block: Block) -> bool:
        if block.kind in {"code", "quote", "table"} or len(block.text) > LONGEST_BUTTON:
            return False
        return all(BUTTONS.fullmatch(line.removeprefix("- ")) for line in block.text.split("\n"))

    stated = [block for block in blocks if not is_button(block)]
    heads = [place for place, block in enumerate(stated) if block.kind == "head"]
    length = sum(len(block.text) for block in stated)
    for first in reversed(heads):
        size = sum(len(block.text) for block in stated[first:])
        if not ENDS.fullmatch(stated[first].text.rstrip(" :")) or size > min(LONGEST_END, length * SMALL):
            break
        del stated[first:]
    return stated
