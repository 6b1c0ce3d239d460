"""Whose words each stretch of a text is, and of what kind, as far as the text shows it. Pure.

A page's own marks (a quotation, a list, a table) come as `known` blocks; all else is told from the words: a transcript
from the names before its lines, a quotation from its marks, a bibliography from its heading or its form. What is
doubtful is nobody's: better a sentence that is not quoted than one in the mouth of somebody else.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.ingest.parse.paragraph import Paragraph
from corpus.ingest.parse.transcripts import LABEL, assign_speakers
from corpus.models.entries import Block, Entry, Section

LINE = re.compile(r"[^\n]*\S[^\n]*")
PARAGRAPH = re.compile(r"[^\n]+(?:\n[ \t]*[^\s\n][^\n]*)*")


def find_blocks_of(entry: Entry) -> tuple[Block, ...]:
    """Return the blocks that an entry's text shows by itself. Of a summary, all is the summary's."""
    names = [person.name for person in entry.people]
    return find_blocks(entry.text, entry.sections, names) if entry.wording == "author" else ()


def find_blocks(
    text: str, sections: Sequence[Section] = (), people: Sequence[str] = (), known: Sequence[Block] = ()
) -> tuple[Block, ...]:
    """Return the blocks of a text in their order, those that are `known` among them.

    `people`: names of whoever takes part, by which the names of a transcript are completed.
    """
    paragraphs = list(_split_paragraphs(text, known))
    heads = {section.start for section in sections}
    bibliography = _find_bibliography(text, sections)
    rolls = _find_rolls(paragraphs)
    speakers = assign_speakers(paragraphs, heads, people)
    attributed = _find_attributed(paragraphs, people)
    forwarded = False  # the rest of a mail is of those that it answers
    found: list[Block] = []
    for place, paragraph in enumerate(paragraphs):
        start, end, words, kind, speaker = paragraph
        if start in heads:
            continue
        if kind != "code" and (any(a <= start < b for a, b in bibliography) or place in rolls or _is_reference(words)):
            found.append(Block(start, end, "reference"))
        elif forwarded:
            found.append(Block(start, end, "quote", ""))
        elif kind == "list" and speaker is None:
            found.extend(_split_list(start, words))
        elif kind != "prose" or speaker is not None:
            found.append(Block(start, end, kind, speaker))
        elif place in speakers:
            begin, name = speakers[place]
            found += [Block(begin, end, "prose", name)] if begin < end else []
        elif place in attributed:
            found.extend(_quote_of(attributed[place], start, words))
        else:
            forwarded = FORWARDED.match(words) is not None
            found.extend(_read_prose(paragraph))
    return tuple(found)


def _read_prose(paragraph: Paragraph) -> list[Block]:
    """Return what a paragraph is by its form, or what is quoted in it."""
    start, end, words, *_ = paragraph
    if quoted := list(QUOTED_LINES.finditer(words)):
        return [Block(start + m.start(), start + len(words[: m.end()].rstrip()), "quote", "") for m in quoted]
    if ROW.match(words) and ROW.match(words.rpartition("\n")[2]):
        return [Block(start, end, "table")]
    if _is_code(words):
        return [Block(start, end, "code")]
    if CAPTION.match(words) and len(words) <= LONGEST_CAPTION:
        return [Block(start, end, "caption")]
    return [Block(start + a, start + b, "quote", "") for a, b in find_quotations(words)]


def _split_paragraphs(text: str, known: Sequence[Block]) -> Iterator[Paragraph]:
    """Yield the known blocks, and the paragraphs of what lies between them."""
    edges = [0, *(edge for block in known for edge in (block.start, block.end)), len(text)]
    for place, (start, end) in enumerate(pairwise(edges)):
        if place % 2:
            block = known[place // 2]
            yield Paragraph(start, end, text[start:end], block.kind, block.speaker)
            continue
        for match in PARAGRAPH.finditer(text, start, end):
            is_talk = sum(1 for line in match[0].split("\n") if LABEL.match(line.strip())) > 1
            for part in LINE.finditer(text, *match.span()) if is_talk else [match]:
                words = part[0]
                first = part.start() + len(words) - len(words.lstrip())
                yield Paragraph(first, part.start() + len(words.rstrip()), words.strip())


# References and rolls of names

BIBLIOGRAPHY = re.compile(
    r"""(?:[\dIVX]+\.?\s+)?(?:references?(?:\ (?:and\ notes|cited))?|bibliography|works\ cited|literature(?:\ cited)?
    |citations?|further\ reading|literatur(?:verzeichnis)?|einzelnachweise
    |quellen(?:verzeichnis|\ und\ anmerkungen|angaben)?|weblinks|références|bibliographie
    |bibliografía|referencias|bibliografia|referências|litteratur|литература|参考文献|參考文獻|참고문헌)\s*:?""",
    re.VERBOSE | re.IGNORECASE,
)
# As a heading alone: in a line before a list, an answer may name its sources so, and go on behind them.
SOURCES = re.compile(r"(?:sources(?: and notes)?|external links)\s*:?", re.IGNORECASE)
BIBTEX = re.compile(r"@[a-z]{3,20}\s*\{", re.IGNORECASE)
BARE_HEADING = re.compile(r"(?:\A|\n\n)([^\n]{4,30})(?=\n)")
# "[12] A. Quill, …, 2024" and "Quill, A., & Marsh, B. (2024). …", with what only a bibliography has in it.
NUMBERED = re.compile(r"\[\w{1,12}\]\s+\S")
BY_NAME = re.compile(
    r"[^\W\d_][\w'’-]+,\s+(?:[^\W\d_]\.[\s-]*){1,3}|(?:\d{1,3}\.\s+)?[^\W\d_a-z][\w'’-]+ [A-Z]{1,3}[,.] "
    r"|Cite this |To cite |Suggested citation|ACM Reference Format"
)
# "Marsh, Bo, and Cy Wren. Wheels of Oak. Old Town: River Press, 2023.", with the year at its end.
BY_SURNAME = re.compile(
    r"[^\W\d_a-z][\w'’-]+, [^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*){0,2}"
    r"(?:,? (?:and|&|und|et|y) [^.:]{3,60})?[.:] .{5,300}\b(?:19|20)\d\d[a-z]?(?:, (?:S|p|pp)\. ?[\d–-]{1,9})?\.?"
)
SEE = re.compile(
    r"(?:(?:\d{1,3}\. )?(?i:ibid|ebd|op\. cit|loc\. cit)\b"
    r"|(?i:see|cf\.|vgl\.|siehe|voir) [^\W\d_a-z][^.?!]{1,80}\((?:19|20)\d\d[a-z]?\)).{0,40}"
)
YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
PUBLISHED = re.compile(r"\b(?:arxiv|doi|https?:|proceedings|proc\.|journal|preprint|press|vol\.|pp\.)", re.IGNORECASE)
LONGEST_REFERENCE = 600  # characters


def _find_bibliography(text: str, sections: Sequence[Section]) -> list[tuple[int, int]]:
    """Return the stretches under a heading that says that references follow."""
    edges = [*(section.start for section in sections), len(text)]
    pairs = zip(sections, pairwise(edges), strict=True)
    found = [
        stretch for section, stretch in pairs if any(one.fullmatch(section.title) for one in (BIBLIOGRAPHY, SOURCES))
    ]
    bare = (match for match in BARE_HEADING.finditer(text) if BIBLIOGRAPHY.fullmatch(match[1].strip()))
    found += [(m.start(1), next((edge for edge in edges if edge > m.start(1)), len(text))) for m in bare]
    return found


def _is_reference(words: str) -> bool:
    """Whether a paragraph, or a list's items, are entries of a bibliography, or BibTeX, or say who signs."""
    lines = [line.lstrip("-*• \t") for line in words.split("\n")]
    if BIBTEX.match(words) or all(map(NAMED_ROLE.fullmatch, lines)):
        return True
    entries = [
        line
        for line in lines
        if len(line) <= LONGEST_REFERENCE
        and (SEE.fullmatch(line) or BY_SURNAME.fullmatch(line) or (YEAR.search(line) and _names_a_work(line)))
    ]
    return 2 * len(entries) > len(lines)


def _names_a_work(line: str) -> bool:
    return bool(BY_NAME.match(line) or (NUMBERED.match(line) and PUBLISHED.search(line)))


SIGNED = re.compile(r"(?:co-?)?sign(?:ed|atories)\b(?: by)?\s*[:,].{0,400}", re.IGNORECASE | re.DOTALL)
FEWEST_NAMES = 6  # in a row make a roll: fewer may be a list of what the text speaks of
A_NAME = re.compile(
    r"(?:[-*•]\s+|\d{1,4}[.)]\s+)?(?:(?:Dr|Prof|Sir|Mr|Ms|Mrs)\.?\s+)*[^\W\d_a-z][\w.'’-]*"
    r"(?:\s+(?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den|la|le|bin|al)){1,4}(?:\s*[,(–—-][^.!?]{2,140})?",
)

# "Ada Quill (Lead Maintainer)", "✦ Bo Marsh, CTO, The Mill": who signs, or is quoted above, with what that person is.
NAMED_ROLE = re.compile(
    r"(?:\W\s*)?[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w.'’-]*){1,3}\s*[,(–—-]\s?[^.!?\n]{0,60}"
    r"\b(?i:maintainers?|c[a-z]o|founder|engineer|scientist|researcher|editor|author|professor|director|manager|lead|head"
    r"|president|chair|partner|fellow|member)\b[^.!?\n]{0,60}"
)


def _find_rolls(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the places of the paragraphs that are a roll of names, as under an open letter."""
    rolls: set[int] = set()
    row: list[int] = []
    names = 0
    fewest = FEWEST_NAMES
    for place, paragraph in enumerate((*paragraphs, Paragraph(0, 0, "."))):
        lines = [line for line in paragraph.words.split("\n") if line.strip()]
        fitting = sum(1 for line in lines if A_NAME.fullmatch(line.strip()))
        if paragraph.kind in {"prose", "list"} and lines and fitting >= 0.8 * len(lines):
            row.append(place)
            names += fitting
            continue
        if names >= fewest:
            rolls.update(row)
        is_signed = SIGNED.fullmatch(paragraph.words) is not None
        row, names, fewest = ([place], 0, 0) if is_signed else ([], 0, FEWEST_NAMES)
    return rolls


# Captions, logs, quoted mail

CAPTION = re.compile(
    r"\(?(?:(?:header|cover|lead|featured|title)\s)?(?:fig(?:ure|\.)|table|photo(?:graph)?s?|image|picture|illustration|chart|graph|credit|source|abb(?:ildung|\.)"
    r"|tabelle|foto|bild|quelle|figura|tabla|crédito?)s?(?:\s+(?:credits?|by|courtesy|photos?|[\dIVX]+[a-z]?))?"
    r"(?:\s*[:.|–—]|(?<=courtesy)\s+of\b)",
    re.IGNORECASE,
)
LONGEST_CAPTION = 400  # characters
QUOTED_LINES = re.compile(r"^(?:[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
FORWARDED = re.compile(r"-{3,}\s*(?:original|forwarded|weitergeleitete|ursprüngliche|message)\b", re.IGNORECASE)
ROW = re.compile(r"\|[^\n]*\|[ \t]*(?:\n|\Z)")
# A line of code: a comment, a prompt, a command, a keyword with its bracket; an assignment, a call; what ends as code
# does and has its brackets. A line of prose may end with a semicolon, and none of these.
CODE_LINE = re.compile(
    r"""//|/\*|\#!|\#\ ?(?:include|define)\b|(?:\$|>>>|\.\.\.)\ \S|(?:from\ \S+\ )?import\ [\w.*{},\ ]+(?:\ from\ .+)?$
    |(?:sudo|npx|npm|pip3?|uvx?|curl|git|docker|brew|apt(?:-get)?)\ [\w@./-]+(?:\ [^.!?]*)?$|(?:const|let|var)\ [\w{[]
    |(?:export\ )?(?:default\ )?(?:async\ )?(?:def|function|class|interface|struct)\ \w*\s?[({:<]
    |(?:if|for|while|elif|with|switch)\b.*[({=\[].*[:{]$|(?:return|await|yield)\b.*[;)\]}]$|@\w+(?:\(.*\))?$
    |</?[a-z][^<>]*>.*</?[a-z][^<>]*>$|[a-zA-Z_][\w.]*(?:\[[^\]]*\])?(?:,\ \w+)*\ [-+*/]?=\ [^\s=]|[\w.]+\(.*\)[;,]?$
    |[{}()\[\]]+[;,]?$|(?!(?:[-*]\ )?(?:[\w'’-]+[,:]?\ ){3}).{,160}[()=\[\]{}<>].{,160}(?:[;{]|\}[,;]?)$""",
    re.VERBOSE,
)
LONGEST_CODED = 200  # characters of a line: what is longer would take long to tell, and is none that somebody typed
LOG = re.compile(
    r"""^(?:\[?\d{4}-\d\d-\d\d[T\ ]\d\d:\d\d|\[?\d\d:\d\d:\d\d[\],.]|\$\ |>>>\ |[{}\[\]]+,?$|[\x22]\w+[\x22]:|\{[\x22]
    |Traceback\ \(most\ recent
    |[Tt]ool\ (?:call|use|result|output)s?\s*:|</?(?:thinking|tool_?\w{0,20}|function_?\w{0,20})>
    |(?:DEBUG|INFO|WARN(?:ING)?|ERROR)\b)""",
    re.MULTILINE | re.VERBOSE,
)


def _is_code(words: str) -> bool:
    """Whether a paragraph is a log, or code by most of its letters: a formula may break prose into many short lines."""
    lines = words.split("\n")
    if LOG.match(words) and 2 * sum(1 for _ in LOG.finditer(words)) > len(lines):
        return True
    coded = (len(line) for line in lines if len(line) <= LONGEST_CODED and CODE_LINE.match(line.strip()))
    return 2 * sum(coded) >= len(words) > 0


# Quotations with an attribution, and in a list

# "— Bo Marsh, The Mill", alone or as a paragraph's last line.
ATTRIBUTED = re.compile(
    r"(?:^|\n)[—–―][ \t]*(?P<name>[^\W\d_a-z][\w.'’-]*(?:[ ](?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den)){1,3})"
    r"(?:,[^\n.!?]{1,80})?$"
)
LONGEST_QUOTED = 600  # characters of a paragraph above such a line


def _find_attributed(paragraphs: Sequence[Paragraph], people: Sequence[str]) -> dict[int, str]:
    """Return the places of the paragraphs that end with whose words they are, or stand above it → the name.

    A piece's own author signs it so, too.
    """
    found: dict[int, str] = {}
    for place, paragraph in enumerate(paragraphs):
        match = ATTRIBUTED.search(paragraph.words) if paragraph.kind == "prose" else None
        if match is None or match["name"] in people:
            continue
        above = place if match.start() else place - 1
        if above >= 0 and paragraphs[above].kind == "prose" and len(paragraphs[above].words) <= LONGEST_QUOTED:
            found[above] = match["name"]
    return found


def _quote_of(name: str, start: int, words: str) -> Iterator[Block]:
    match = ATTRIBUTED.search(words)
    yield Block(start, start + (match.start() if match else len(words)), "quote", name)


def _split_list(start: int, words: str) -> Iterator[Block]:
    """Yield a list's items, those that are quotations as such."""
    edge = place = 0
    for line in words.split("\n"):
        body = line.lstrip("-*• \t")
        begins = place + len(line) - len(body)
        for a, b in find_quotations(body):
            if words[edge : begins + a].strip("-*• \t\n"):
                yield Block(start + edge, start + begins + a, "list")
            name = ATTRIBUTED.search(f"\n{body[b:].strip()}")
            yield Block(start + begins + a, start + begins + b, "quote", name["name"] if name else "")
            edge = begins + b
        place += len(line) + 1
    if words[edge:].strip("-*• \t\n"):
        yield Block(start + edge, start + len(words), "list")


# Quotations in a paragraph

MARKS = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "‘": "’", "‚": "‘", "›": "‹"}
OPENS = re.compile('[“„«»「『‘‚›"]')
ENDED = re.compile(r"[.!?…。！？]\s*[”“»«’‘‹」』\"']?\s*$")
BOUNDARY = re.compile(r"[.!?…][”»«’\"']?\s+(?=[^\sa-z])|[。！？]")
BESIDE = 20  # characters beside a mark that are looked at: of a text of 500,000 with as many marks, all took hours
SAYS = re.compile(r"\s*[,–—-]?\s*[a-z]")  # what goes on in small letters behind a quotation says whose it is


def find_quotations(words: str) -> list[tuple[int, int]]:
    """Return where whole sentences of a paragraph stand between quotation marks: they are somebody else's.

    A sentence that has words before or behind the quotation in it says whose it is, or makes it its own: it stays.
    """
    found = []
    place = 0
    while opening := OPENS.search(words, place):
        start = opening.start()
        ends = MARKS.get(opening[0], '"')
        end = next((i for i in range(start + 1, len(words)) if words[i] in ends), -1)
        if end < 0:
            if opening[0] == '"':
                break  # one alone: inches, or a mark that is missing
            end = len(words) - 1  # it goes on in the next paragraph
        inside, before = words[start + 1 : end], words[max(0, start - BESIDE) : start]
        begins = not before.strip() or ENDED.search(before) is not None
        if ENDED.search(inside[-BESIDE:]) and not SAYS.match(words[end + 1 : end + BESIDE]):
            if begins:
                found.append((start, end + 1))
            elif first := BOUNDARY.search(inside):
                found.append((start + 1 + first.end(), end + 1))
        elif begins and (last := list(BOUNDARY.finditer(inside))):  # "A. B," she said: A is no sentence of hers alone
            found.append((start, start + 1 + last[-1].end()))
        place = end + 1
    return [(a, b) for a, b in found if words[a:b].strip()]
