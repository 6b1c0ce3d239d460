"""A head of lines above a text, without the dashes of front matter: of a mail, Pelican, Hexo or Nikola. Pure.

Only what says a title or a subject, and a day or a name, is one: a text may begin with "Note: …".
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Any

from corpus.ingest.parse.front_matter import Fronted, parse_front_matter
from corpus.ingest.parse.not_an_entry import NotAnEntry

LONGEST = 10_000  # characters of a text in which its head stands
FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z_-]{0,30}):(?:[ \t]+(?P<value>[^\n]*))?")
COMMENTED = re.compile(r"\s*<!--\s*\n(?P<meta>(?:[ \t]*\.\. [^\n]*\n|[ \t]*\n)+)[ \t]*-->[ \t]*(?:\n|\Z)")
OPEN = re.compile(
    r"(?P<meta>(?:(?:[A-Za-z][\w-]{0,30}:(?:[ \t][^\n]*)?|[ \t]+[^\n]*|-[ \t][^\n]*)\n){2,60})-{3}[ \t]*\n"
)
ENVELOPE = re.compile(r"From \S+[^\n]*\d\d:\d\d[^\n]*\n")  # above each mail in a file of many
IN_BRACKETS = re.compile(r"\S+(?:@| at )\S+\s+\((?P<name>[^()]{1,100})\)")  # ada at mill.example (Ada Quill)
OF_A_MAIL = {"from": "author", "subject": "title", "date": "date"}
TITLES = {"title", "subject", "headline"}
SAYING = {"date", "published", "created", "author", "authors", "by", "from", "host"}


def split_header_lines(text: str) -> Fronted:
    """Return a text apart from the head of lines above it; as it is, with None for fields, where it has none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    top = text[:LONGEST]
    if match := COMMENTED.match(top):
        lines = [line.strip().removeprefix("..").strip() for line in match["meta"].splitlines()]
        return _fronted(_read_fields([line for line in lines if line]), text, match.end())
    if match := OPEN.match(top):
        try:
            return _fronted(parse_front_matter(match["meta"]), text, match.end())
        except NotAnEntry:
            return Fronted(None, text)
    envelope = ENVELOPE.match(top)
    start = envelope.end() if envelope else len(top) - len(top.lstrip("\n"))
    head, gap, _ = top[start:].partition("\n\n")
    fields = _read_fields(head.splitlines())
    if not gap or not fields:
        return Fronted(None, text)
    if {"from", "subject"} <= fields.keys():
        known = {OF_A_MAIL[name]: value for name, value in fields.items() if name in OF_A_MAIL}
        bracketed = IN_BRACKETS.fullmatch(known["author"])
        fields = known | ({"author": bracketed["name"]} if bracketed else {})
    return _fronted(fields, text, start + len(head))


def _fronted(fields: dict[str, Any], text: str, end: int) -> Fronted:
    names = {name.lower() for name in fields}
    return Fronted(fields, text[end:]) if names & TITLES and names & SAYING else Fronted(None, text)


def _read_fields(lines: list[str]) -> dict[str, Any]:
    """Return the fields of lines; one that begins with a space goes on with the one above. {} where one is no field."""
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if name and line[:1] in {" ", "\t"}:
            fields[name] = f"{fields[name]} {line.strip()}".strip()
        elif match := FIELD.fullmatch(line):
            name = match["name"].lower()
            if name in fields:
                fields[name] = f"{fields[name]}, {match['value'] or ''}" if name == "author" else fields[name]
            else:
                fields[name] = (match["value"] or "").strip()
        else:
            return {}
    return {name: _decoded(value) for name, value in fields.items() if value}


def _decoded(value: str) -> str:
    """Return the words of a value as mails encode them: =?utf-8?q?M=C3=BChle?=."""
    try:
        return str(make_header(decode_header(value))) if "=?" in value else value
    except (HeaderParseError, LookupError, ValueError):
        return value
