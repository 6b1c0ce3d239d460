"""What a page says of itself: its address, its language, its licence, and whether it is all there."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from . import boilerplate
from .structured_data import OF_OTHERS

CANONICAL = """//link[contains(concat(" ", translate(@rel, "CANOIL", "canoil"), " "), " canonical ")]/@href
    | //meta[@property="og:url"]/@content"""
LANGUAGES = """/html/@lang | //meta[@property="og:locale"]/@content
    | //meta[translate(@http-equiv, "CONTELAGU", "contelagu")="content-language"]/@content"""
# A picture in a text can have a licence of its own, and a text can speak of licences: so a link counts where it says
# what it is, outside of pictures, and one to Creative Commons in the foot of the page.
LICENCES = (
    """//*[self::a or self::link][contains(concat(" ", translate(@rel, "LICENS", "licens"), " "), " license ")]
    [not(ancestor::figure)]/@href""",
    """//meta[contains("|dcterms.license|dc.rights.license|dcterms.rights|dc.rights|",
    concat("|", translate(@name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"), "|"))]/@content""",
    """//a[contains(@href, "//creativecommons.org/")][ancestor::footer or ancestor::*[contains(@class, "footer")
    or contains(@class, "copyright") or contains(@class, "license") or contains(@class, "licence")]]/@href""",
)
Said = list[dict[str, Any]]


def address(tree: Any) -> str:
    """Return the address that a page says it has, or nothing."""
    found = tree.xpath(CANONICAL)
    return str(found[0]).strip() if found else ""


def languages(tree: Any, stated: Said) -> list[str]:
    """Return what a page says its language is: of the piece, then of the page, whose template may always say en."""
    given = (name_of(one.get("inLanguage")) for one in about_the_piece(stated))
    return [*filter(None, given), *map(str, tree.xpath(LANGUAGES))][:9]


def licences(tree: Any, stated: Said, url: str) -> list[str]:
    """Return what a page says of the use of it, the most exact first."""
    given = [name_of(one.get("license")) for one in about_the_piece(stated)]
    given += [str(found).strip() for path in LICENCES for found in tree.xpath(path)]
    whole = []
    for one in filter(None, given):
        with contextlib.suppress(ValueError):  # one that is said from the root of its site is made whole
            whole.append(urljoin(url, one) if one.startswith("/") else one)
    return whole[:9]


def about_the_piece(stated: Said) -> Iterator[dict[str, Any]]:
    """Yield the statements on the piece or its page, not those on pictures and people."""
    for one in stated:
        kinds = one.get("@type")
        if OF_OTHERS.isdisjoint(k for k in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(k, str)):
            yield one


def name_of(given: Any) -> str:
    """Return what stands for a language or a licence, as a word or an address."""
    one = given[0] if isinstance(given, list) and given else given
    if isinstance(one, dict):
        one = next((one[name] for name in ("url", "@id", "alternateName", "name") if one.get(name)), "")
    return one if isinstance(one, str) else ""


# Whether it is all there

WALLS = frozenset(
    """paywall paywall-cta gh-post-upgrade-cta wp-block-premium-content-logged-out-view jetpack-subscribe-paywall
    pmpro_content_message mepr-unauthorized-message rcp_restricted leaky_paywall_message
    wc-memberships-content-restricted-message wc-memberships-restriction-message""".split()
)
NOT_FREE = frozenset({"false", "http://schema.org/false", "https://schema.org/false"})
MOST_WALLS = 50  # that are looked at
LONGEST_WALL = 1000  # characters; what is longer is the piece, inside an element with this name
FOR_SUBSCRIBERS = re.compile(
    r"this (?:post|page|article|story|issue|episode|content) is (?:only )?for (?:paying |paid |premium )?"
    r"(?:subscribers|members)(?: only)?[.!]?",
    re.IGNORECASE,
)
HIDDEN = """ancestor-or-self::*[@hidden or @aria-hidden="true"
    or contains(translate(@style, " ", ""), "display:none")]"""
IN_THE_TEXT = "ancestor-or-self::*[self::blockquote or self::pre or self::code or self::figure or self::li]"
WAY_IN = """.//a[contains(@href, "subscribe") or contains(@href, "portal") or contains(@href, "signin")
    or contains(@href, "login") or contains(@href, "signup") or contains(@href, "member")] | .//button"""


def walls(tree: Any) -> list[Any]:
    """Return what stands on a page in place of the rest of a paid piece: not what speaks of it, or is hidden."""
    parts = [e for e in tree.iter() if isinstance(e.tag, str) and e.tag not in {"html", "body"}]
    named = [e for e in parts if boilerplate.is_named(e, WALLS) or e.get("data-testid") == "paywall"]
    given = [e for e in parts if e.tag in {"h2", "h3", "h4", "p"} and FOR_SUBSCRIBERS.fullmatch(words_of(e)[:100])]
    around = [e.getparent() for e in given[:MOST_WALLS] if not e.xpath(IN_THE_TEXT)]
    found = [*named[:MOST_WALLS], *(e for e in around if e.tag != "body" and e.xpath(WAY_IN))]
    return [e for e in found if 0 < len(words_of(e)) <= LONGEST_WALL and not e.xpath(HIDDEN)]


def is_teaser(tree: Any, stated: Said) -> bool:
    """Return whether a page says that it shows a part of a paid piece, where programs look for it."""
    tiers = tree.xpath('//meta[@property="article:content_tier" or @name="article:content_tier"]/@content')
    is_for_members = any(str(tier).strip().lower() in {"metered", "locked"} for tier in tiers)
    inner = [one.get("hasPart") for one in stated]
    parts = [part for one in inner for part in (one if isinstance(one, list) else [one]) if isinstance(part, dict)]
    free = [str(part.get("isAccessibleForFree")).lower() for part in (*stated, *parts)]
    return is_for_members or not NOT_FREE.isdisjoint(free)


def words_of(element: Any) -> str:
    """Return an element's words in one line."""
    return " ".join(element.text_content().split())
