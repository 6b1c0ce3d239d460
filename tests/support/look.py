"""A message's payload → HTML that looks much like Discord's dark client on a phone.

It knows just the markdown and the components that the bot uses, and shows what it does not know as it stands.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape as as_html
from typing import Any

EPHEMERAL = 64
WIDTH = 420  # of a phone, in CSS pixels
BUTTON, TEXT_MENU, ROLE_MENU = 2, 3, 6
STYLES = {1: "blurple", 2: "grey", 3: "green", 4: "red"}
# The marks within a line; a backslash keeps the sign behind it from being one.
MARK = re.compile(
    r"\\(?P<plain>[^0-9A-Za-z\s])|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*|\[(?P<label>[^\]]*)\]\(<(?P<url>[^>]*)>\)"
    r"|<t:(?P<time>\d+):(?P<form>[DdR])>|<(?P<kind>@&|@|#)(?P<id>\d+)>|</(?P<command>[\w -]+):\d+>"
)
# The marks that open a line.
OPENINGS = {"-# ": "small", "### ": "title", "> ": "quote", "- ": "item"}
CSS = """
* { box-sizing: border-box; margin: 0 }
body { width: 420px; padding: 14px 12px 16px; background: #313338; color: #dbdee1;
  font: 15px/1.35 "Noto Sans", "Liberation Sans", Arial, sans-serif, "Noto Color Emoji" }
.used { margin: 0 0 5px 20px; font-size: 12.5px; color: #b5bac1 } .used b { color: #c9cdfb; font-weight: 500 }
.message { display: flex; gap: 10px } .message + .message { margin-top: 18px }
.face { flex: none; width: 38px; height: 38px; border-radius: 50%; background: #5865f2; color: #fff;
  font: 700 19px/38px Georgia, "Liberation Serif", serif; text-align: center }
.body { flex: 1; min-width: 0; overflow-wrap: anywhere }
.who { font-weight: 600; color: #f2f3f5 } .who small { font-size: 11.5px; font-weight: 400; color: #949ba4 }
.tag { padding: 1px 4px; border-radius: 3px; background: #5865f2; color: #fff; font-size: 10px; vertical-align: 1.5px }
.small { font-size: 12.5px; color: #949ba4 } b { color: #f2f3f5 }
.title { margin: 6px 0 2px; font-size: 17px; font-weight: 700; color: #f2f3f5 }
.quote { padding-left: 10px; border-left: 4px solid #4e5058; border-radius: 3px }
.quote + .quote { border-radius: 0 0 3px 3px } .item { padding-left: 18px; text-indent: -12px }
.item::before { content: "•"; display: inline-block; width: 12px; text-indent: 0 }
a { color: #00a8fc; text-decoration: none } .time { padding: 0 2px; border-radius: 3px; background: #3f4147 }
.mention { padding: 0 2px; border-radius: 3px; background: #3c4270; color: #c9cdfb; font-weight: 500 }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px }
.button { padding: 7px 13px; border-radius: 8px; color: #fff; font-size: 14px; font-weight: 500 } .off { opacity: .5 }
.grey { background: #4e5058 } .blurple { background: #5865f2 }
.green { background: #248046 } .red { background: #da373c }
.menu { flex: 1; display: flex; justify-content: space-between; padding: 9px 12px; border-radius: 8px;
  background: #1e1f22; color: #dbdee1 } .menu i { font-style: normal; color: #b5bac1 }
.only { margin-top: 6px; font-size: 12.5px; color: #949ba4 } .only u { color: #00a8fc; text-decoration: none }
"""


def page(messages: Sequence[str]) -> str:
    """A whole document; its title says how high it is, so that a picture can be cut to it."""
    measure = "<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script>"
    return f'<!doctype html><meta charset="utf-8"><style>{CSS}</style><body>{"".join(messages)}{measure}</body>'


def message(payload: Mapping[str, Any], names: Mapping[str, str], used: str = "") -> str:
    """One message of the bot. `names`: what mentions show, by id; `used`: "Ada used /ask", above it."""
    above = f'<div class="used">↱ {inline(used, names)}</div>' if used else ""
    rows = "".join(row(part, names) for part in payload["components"])
    only = '<div class="only">👁 Only you can see this • <u>Dismiss message</u></div>'
    private = only if payload["flags"] & EPHEMERAL else ""
    who = '<div class="who">Footnote <span class="tag">APP</span> <small>Today at 09:41</small></div>'
    body = f'<div class="body">{who}{content(payload["content"], names)}{rows}{private}</div>'
    return f'{above}<div class="message"><div class="face">F</div>{body}</div>'


def content(text: str, names: Mapping[str, str]) -> str:
    return "".join(_line(line, names) for line in text.split("\n"))


def _line(line: str, names: Mapping[str, str]) -> str:
    for opening, kind in OPENINGS.items():
        if line.startswith(opening):
            return f'<div class="{kind}">{inline(line.removeprefix(opening), names)}</div>'
    return f"<div>{inline(line, names) or '&nbsp;'}</div>"


def inline(text: str, names: Mapping[str, str]) -> str:
    """A line with its marks; all else is text."""
    shown, end = [], 0
    for found in MARK.finditer(text):
        shown += [as_html(text[end : found.start()]), _mark(found, names)]
        end = found.end()
    return "".join([*shown, as_html(text[end:])])


def _mark(found: re.Match[str], names: Mapping[str, str]) -> str:
    part = found.groupdict()
    if part["plain"]:
        return as_html(part["plain"])
    if part["bold"]:
        return f"<b>{inline(part['bold'], names)}</b>"
    if part["url"]:
        return f'<a href="{as_html(part["url"])}">{as_html(part["label"])}</a>'
    if part["time"]:
        return f'<span class="time">{as_html(shown_time(int(part["time"]), part["form"]))}</span>'
    name = f"/{part['command']}" if part["command"] else f"{part['kind'][0]}{names.get(part['id'], part['id'])}"
    return f'<span class="mention">{as_html(name)}</span>'


def shown_time(seconds: int, form: str) -> str:
    """As an English client shows it: 1 June 2026; relative ones as at the moment that they name."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return {"D": f"{moment.day} {moment:%B %Y}", "d": f"{moment:%d/%m/%Y}", "R": "now"}[form]


def row(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    inner = [button(one) if one["type"] == BUTTON else menu(one, names) for one in part["components"]]
    return f'<div class="row">{"".join(inner)}</div>'


def button(part: Mapping[str, Any]) -> str:
    face = " ".join(one for one in ((part.get("emoji") or {}).get("name"), part.get("label")) if one)
    off = " off" if part.get("disabled") else ""
    return f'<span class="button {STYLES[part["style"]]}{off}">{as_html(face)}</span>'


def menu(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A closed menu: what is chosen in it, or what it asks for."""
    if part["type"] == TEXT_MENU:
        chosen = [option["label"] for option in part["options"] if option.get("default")]
    else:
        sign = "@" if part["type"] == ROLE_MENU else "#"
        chosen = [f"{sign}{names.get(str(one['id']), one['id'])}" for one in part.get("default_values") or []]
    face = ", ".join(chosen) or part.get("placeholder") or "Make a selection"
    colour = "" if chosen else ' style="color: #949ba4"'
    return f'<span class="menu"><span{colour}>{as_html(face)}</span><i>⌄</i></span>'
