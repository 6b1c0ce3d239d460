"""What a page, a feed or a file writes of its authors → the names of people. Pure, and no text is too odd.

Of pages, feeds, PDFs and files alike. A name stays as it is written, in any script; who is no person (an organisation,
a role, the name of an account, the site itself) is left out: no name is better than a wrong one.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from corpus.ingest.parse.name_words import (
    DEGREES,
    GROUP,
    GROUP_IN_CAPITALS,
    NO_NAME,
    NOBODY,
    NOBODY_IN_WORDS,
    OCCUPATIONS,
    PARTICLES,
    ROLE,
    SUFFIXES,
    TITLES,
)
from corpus.text.calendar_names import months_named, weekdays_named
from corpus.text.plain import plain

MOST_PEOPLE = 50
MOST_TEXTS, LONGEST_TEXT = 100, 3000  # that are looked at, and characters of one, which may be a list of names
LONGEST_NAME, MOST_WORDS = 60, 6
LONGEST_SAMPLE = 200_000  # characters of a text in which a name's words are sought
# What stands before the names. A credit names whoever did something else: its part of the text is dropped.
LABEL = re.compile(
    r"""^\W{0,9}(?:
    (?:an?\ |eine?\ )?
    (?:(?:words|text|story|report|essay|post|guest\ post|analysis|analyse|opinion|commentary|kommentar|kolumne
    |written|posted|gastbeitrag|bericht|beitrag|reportage|gespräch|porträt|rezension|protokoll
    |published|submitted|authored|article|review|interview|reporting|compiled)\s+)?
    (?:by|von|durch|par|por|door|di|af|av)\s*:?\s+
    |(?:filed\s+under|posted\s+in)\s[^|]{1,60}?\sby\s+|[^|,]{2,60},?\s+interviewed\s+by\s+
    |(?:geschrieben|verfasst|veröffentlicht|gespeichert)\s+von\s+|(?:écrit|publié|rédigé|propos\s+recueillis)\s+par\s+
    |(?:escrito|publicado)\s+por\s+
    |(?:authors?|autor(?:en|in|es|a)?(?:/in)?|auteure?s?|text|words|writers?|redaktion|авторы?|текст|作者|文|撰文|記者|记者|本报记者|編輯)\s*[:：／]\s*
    |(?:author|autor)\s+(?=[A-Z]))""",
    re.VERBOSE | re.IGNORECASE,
)
CREDIT = re.compile(
    r"""\b(?:photo(?:s|graph(?:s|y|er)?)?|pictures?|images?|illustrat(?:ions?|ed|or)|graphics?|artwork|video|camera|bild(?:er)?
    |fotos?|grafik|zeichnung|translat(?:ed|ion|or)|übersetz(?:t|ung)|traduit|traducid[oa]|traducción|edited|editing|editor
    |produced|producer|music|design(?:ed)?|theme|powered|hosted|source|quelle|copyright|credits?
    |fact\W?check(?:ed|er)?|(?:medically|clinically|technically|legally)\s+reviewed)\b
    (?:\s*(?:by|von|par|por|of|:|/))|\b(?:fot|phot|foto|ill|illustr)\.\s""",
    re.VERBOSE | re.IGNORECASE,
)
# 作者：张伟 编辑：李娜: behind white space another office begins, and a colon of full width.
# Words Ada Quill Photography Bo Marsh
WORDS_AND_PICTURES = re.compile(
    r"(?:words|text|story)\s+(.{2,100}?)\s+(?:photograph(?:y|s)|photos|pictures|images|illustrations?|artwork|video)\s+(?=[A-Z])",
    re.IGNORECASE,
)
ENDS = re.compile(r"(?<=[^\W\d_]{3})\.$")  # of a sentence, not of Jr.
TOLD_TO = re.compile(r",? as told to ", re.IGNORECASE)
FIELD = re.compile(r"(?<=\S)\s+[^\W\d_]{3,14}\s?:(?=\s|$)")  # Ada Quill Date: 3 March
CREDIT_ENDS = re.compile(r"(?<=\S)\s+(?=[^\W\d_]{1,6}[：])")
AGENCY = re.compile(r".+(?:社|通信|通讯社|編集部|编辑部|评论员|記者|记者|편집부|뉴스|통신)")  # what people write as
PICTURES = re.compile(
    r"\b(?:getty|shutterstock|unsplash|pexels|pixabay|istock\w*|alamy|flickr|wikimedia commons)\b"
    r"|\b(?:images|pictures|photos)\s*$",
    re.IGNORECASE,
)
SMALL = frozenset("and und et og och with mit avec".split())
INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}|[^\W\d_]{1,2}")
DOMAIN = re.compile(r"\b[\w-]{2,}\.(?:[a-z]{2,12})\b|\bd\.\s?o\.\s?o\b|\be\.\s?v\b", re.IGNORECASE)
AND = re.compile(
    r"\s*(?:,\s*)?\s(?:and|und|et|og|och|&|\+|with|mit|avec)\s+|\s*&\s*|,\s*(?:and|und|et|og|och|y|e|en)\s+",
    re.IGNORECASE,
)
# Ortega y Gasset is one, Ada Quill y Bo Marsh are two.
AND_BEFORE_TWO = re.compile(r"\s(?:y|e|en|i|и)\s+(?=\S{1,60}\s+\S)")
CUTS = re.compile(r"\s+[|•·—–―]\s+|\s*[|•·]\s*|\s+[-/]\s+|\s*[;；]\s*")
WHEN = re.compile(r"\s+(?:posted|published|updated|veröffentlicht|publié)\b.*$|\s*\d.*$", re.IGNORECASE)
BEFORE_DATES = frozenset("on am at le el il op den um den the".split())
NO_SIGNS = re.compile(r"[\d@#_:/<>{}=!?\\→←»«›‹+*|…]")  # that no name has
LONGEST_ABBREVIATION = 3  # letters
FULL = 2  # words of a name that is one beyond doubt


def clean_people(
    written: Iterable[str], groups: Collection[str] = (), text: str = "", *, certain: bool = True
) -> tuple[str, ...]:
    """Return the people that are named, each once.

    `groups`: what the site and others are called that are no people; but a site may be called as its author is, where
    its `text` has none of the name's words in small letters. `certain`: it was written as a name. Else it stood on a
    page where names stand, and one in small letters is none.
    """
    others = {_fold(name) for name in groups}
    found: dict[str, str] = {}
    for whole in islice(written, MOST_TEXTS):
        line = TOLD_TO.sub(" and ", " ".join(whole[:LONGEST_TEXT].split()))
        if certain or _is_byline(line):
            for written_name in _names_in(line):
                name = _without_site(written_name, others)
                is_sites = _fold(name) in others and not _is_authors_site(name, text[:LONGEST_SAMPLE])
                if not is_sites and _is_person(name, certain=certain):
                    found.setdefault(_fold(name), name)
    return tuple(found.values())[:MOST_PEOPLE]


def names_of_host(address: str) -> set[str]:
    """Return what a site may call itself by its address: garden and garden.example of https://blog.garden.example."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return set()
    labels = host.split(".")
    return {host, *labels[:-1], *(".".join(labels[start:]) for start in range(len(labels) - 1))} - {""}


def _without_site(name: str, others: Collection[str]) -> str:
    """A name without that of its site behind it."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > FULL and _fold(words[-1]) in others else name


def _is_byline(text: str) -> bool:
    """Whether a text on a page names people and tells nothing else before its first cut: its words begin large."""
    first = CREDIT.split(CUTS.split(text.strip())[0], maxsplit=1)[0]
    words = _without_date(LABEL.sub("", first)).split()
    small = {word.strip(",.").casefold() for word in words if word[:1].islower() and len(word) > 1}
    return small <= PARTICLES | ROLE | SMALL


def _fold(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _names_in(text: str) -> Iterator[str]:
    """The parts of a text that may be names, without labels, roles and degrees."""
    text = CREDIT_ENDS.split(text)[0]
    text = " ".join(plain(html.unescape(html.unescape(text))).split())
    text = re.sub(r"\bwww\.\S{1,200}|\bhttps?://\S{1,200}", " @site ", text)
    text = re.sub(r"[<\[]?[^\s@]{1,100}@[^\s@]{1,150}", " ", text).strip()  # an address of mail
    text = re.sub(r"(?:^|(?<=[\s\w]))@(?!site)\w{2,30}", " ", text)  # the name of an account behind the own one
    if re.search(r"\(\s*@site", text) or PICTURES.search(text):  # Garden Daily (www.garden.example), Bo / Getty Images
        return
    of_a_group = "@site" in text or any(map(_is_group, CUTS.split(text)))
    text = text.replace("@site", "|")
    inside = re.fullmatch(r"\(([^()]{1,200})\)?", text)
    text = inside[1] if inside else re.sub(r"\([^()]{0,200}\)?", " ", text)
    text = " ".join(text.split())  # what follows would take long over many spaces
    pictured = WORDS_AND_PICTURES.match(text)
    text = pictured[1] if pictured else text
    seen = False
    for part in CUTS.split(text):
        if CREDIT.search(part[:200]):
            part = ENDS.sub("", CREDIT.split(part, maxsplit=1)[0].rstrip(" ,;"))  # noqa: PLW2901  what stands before the credit
        labelled = FIELD.split(LABEL.sub("", part))[0]
        if labelled == part and re.search(r"\d", part):  # Jan 5, 2026 by Ada Quill
            behind = re.search(r"\b(?:by|von|par|por)\s+(\D+)$", part, re.IGNORECASE)
            labelled = behind[1] if behind else part
        names = [name for name in _split(_without_date(labelled)) if not of_a_group or len(name.split()) >= FULL]
        if not names and seen:
            return  # Ada Quill | 5 May 2026 | Comments
        seen = seen or bool(names)
        yield from names


def _without_date(text: str) -> str:
    """A text up to the date or the time in it, and the words that lead to that."""
    words = WHEN.sub("", text).strip(" ,:").split()
    while words and len(words) < len(text.split()):
        last = words[-1].strip(".,")
        if last.casefold() not in BEFORE_DATES and not months_named(last) and not weekdays_named(last):
            break
        words.pop()
    return " ".join(words).strip(" ,:")


def _split(text: str) -> Iterator[str]:
    """The names of a list: "A and B", "A, B and C", "Quill, A., Marsh, B."; behind a comma may be a role."""
    text = text.replace("、", ",").replace("，", ",").replace("／", ",")
    whole = [part.strip() for part in AND.split(text) if part and part.strip()]
    has_and = len(whole) > 1
    whole = [name for part in whole for name in AND_BEFORE_TWO.split(part)]
    if any(map(_is_group, whole)) and any(" " not in part for part in whole if not _is_group(part)):
        return  # Quill & Sons
    parts = [part.strip() for item in whole for part in item.split(",") if part.strip()]
    if len(parts) >= FULL and (pairs := _inverted(parts)):
        yield from pairs
        return
    is_list = has_and or all(len(part.split()) == 1 for part in parts)
    for place, part in enumerate(parts):
        bare = part.replace(".", "").casefold()
        if place and bare in SUFFIXES:
            continue
        behind = parts[place + 1].replace(".", "").casefold() if place + 1 < len(parts) else ""
        if place and not is_list and len(part.split()) < FULL and part.isascii():
            continue  # a town, a house, a degree
        yield _tidy(f"{part}, {parts[place + 1]}" if behind in SUFFIXES else part)


def _inverted(parts: Sequence[str]) -> list[str]:
    """The names of a list that has the surname first: "Quill, A., Marsh, B." or "Quill, Ada"; none for another list."""
    firsts, lasts = parts[1::2], parts[::2]
    bare = [first.replace(".", "").casefold() for first in firsts]
    if len(parts) % 2 or not DEGREES.isdisjoint(bare) or not SUFFIXES.isdisjoint(bare):
        return []
    are_initials = [INITIALS.fullmatch(part) is not None for part in parts]
    if all(are_initials[1::2]) and not any(are_initials[::2]):
        return [f"{first} {_tidy(last)}" for last, first in zip(lasts, firsts, strict=True)]
    surname, given = parts[0].split(), parts[1]
    is_pair = len(parts) == 2 and " " not in given and given[:1].isupper() and bare[0] not in NOBODY  # noqa: PLR2004
    is_surname = surname[0].casefold() in PARTICLES or (len(surname) == 1 and surname[0][:1].isupper())
    return [f"{given} {_tidy(parts[0])}"] if is_pair and is_surname else []


def _tidy(name: str) -> str:
    """A name in one line, without marks around it and what it is followed by; one in capitals as names are written."""
    name = re.sub(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F™®©]", "", name).strip(' ,:;-–—|/"“”*_·')
    words = name.split()
    while len(words) > FULL and words[0].strip(".").casefold() in TITLES:
        words = words[1:]
    ends = (at for at, word in enumerate(words) if at >= FULL and word.strip(".").casefold() in ROLE | DEGREES)
    words = words[: next(ends, len(words))]
    name = " ".join(words)
    if name.isupper() and (name.isascii() or len(words) == 1) and len(name) > LONGEST_ABBREVIATION:
        words = [word if "." in word or len(word) == 1 else _capitalised(word) for word in words]
    return " ".join(words)


def _capitalised(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize(), word)


def _is_group(name: str) -> bool:
    words = [word.strip(".,").lower() for word in name.split()]
    if GROUP_IN_CAPITALS & set(name.split()[1:]):
        return not name.isupper()
    return bool(GROUP & set(words)) or bool(DOMAIN.search(name)) or (len(words) > 1 and words[0] == "the")


def _is_authors_site(name: str, text: str) -> bool:
    """Whether a site is called as a person is: Ada Quill, and not Garden Notes, whose words its text has."""
    words = name.split()
    if not text or not FULL <= len(words) <= FULL + 1 or not all(word[:1].isupper() for word in words):
        return False
    return not any(re.search(rf"\b{re.escape(word.lower())}s?\b", text) for word in words)


def _is_person(name: str, *, certain: bool) -> bool:
    """Whether a part of a text is the name of a person."""
    words, folded = name.split(), _fold(name)
    if not len(folded) >= FULL or len(name) > LONGEST_NAME or len(words) > MOST_WORDS or NO_SIGNS.search(name):
        return False
    first = words[0].casefold()
    is_role = first in NO_NAME | ROLE or (len(words) > 1 and words[-1].strip(".").casefold() in OCCUPATIONS)
    if is_role or name.casefold() in NOBODY | NOBODY_IN_WORDS or _is_group(name):
        return False
    if any(sign.isalpha() and sign.lower() == sign.upper() for sign in name):
        return not AGENCY.fullmatch(name)  # of a script without capitals
    if len(words) == 1:  # the name of an account is written small, or as two words in one
        return name[0].isupper() and "." not in name and not re.search(r"[^\W\d_]{3}[A-Z]", name)
    if any(word[:1].isupper() for word in words if word.casefold() not in PARTICLES):
        return True
    small = {word.casefold() for word in words}
    return certain and len(words) == FULL and not NO_NAME & small  # bell hooks
