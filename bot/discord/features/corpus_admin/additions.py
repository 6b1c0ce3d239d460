"""What moderators add to the corpus: a modal's address, file or text → words for the command that takes it in."""

import re
import unicodedata
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.discord.client import Interaction
from bot.discord.components import custom_id
from bot.discord.interaction_data import fields
from bot.discord.markdown import escape
from bot.errors import MemberRefused
from bot.text import plain, shorten
from corpus import make_private_folder

LARGEST_FILE, LARGEST_PDF = 2_000_000, 10_000_000  # bytes; pictures make a PDF large
LONGEST_TEXT = 4000  # characters that a field of a modal takes
LONGEST_ADDRESS = 2000
WHOLE, LACKING = (".md", ".jsonl"), (".txt", ".html", ".htm", ".pdf")  # the latter may lack what an entry needs
BINARY = (".html", ".htm", ".pdf")  # their own text says how it is to be read
ONE_OF_THREE = (
    "Give one of the three: an address, a file, or a text (with a .txt, .html or .pdf file, a text may say what the "
    "file lacks). Open the form again with /corpus add."
)
SAY_IT_BESIDE = "Here, give what it lacks as text in the same form: /corpus add, the file, and such lines as the text."
EXAMPLE = """\
---
id: my-entry
title: …
source: …
kind: event
tier: 2
url: https://example.org/piece
people: [{name: …, role: author}]
"""  # a placeholder takes 100 characters, so it is cut below

Fetch = Callable[[str], Coroutine[Any, Any, bytes]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as Discord describes it, before it is fetched. `size` in bytes."""

    name: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be added: `words` for the command, and `name` for people. `may_lack`: more could be said beside it."""

    words: tuple[str, ...]
    name: str
    may_lack: bool = False


def addition_modal(token: str) -> ui.Modal:
    """Return the form; each opening of it has a `token` of its own."""
    modal = ui.Modal(title="Add to the corpus", custom_id=custom_id("added", token))
    address: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="url", max_length=LONGEST_ADDRESS, required=False, placeholder="https://example.org/piece"
    )
    file: ui.FileUpload[ui.Modal] = ui.FileUpload(custom_id="file", required=False, min_values=0, max_values=1)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="text",
        style=discord.TextStyle.paragraph,
        max_length=LONGEST_TEXT,
        required=False,
        placeholder=EXAMPLE[:97] + "…",
    )
    for name, description, component in (
        ("Address of a page", "The page is fetched once.", address),
        ("Or a file", "Markdown with front matter, JSON lines, plain text, HTML (at most 2 MB) or PDF (10 MB).", file),
        (
            "Or an entry as text",
            "Markdown with front matter. Beside a file: the fields that it lacks, as in title: …",
            text,
        ),
    ):
        modal.add_item(ui.Label(text=name, description=description, component=component))
    modal.stop()
    return modal


async def addition_of(interaction: Interaction, folder: Path, fetch: Fetch) -> Addition:
    """Return what the form was filled in with; a file or a text is stored in `folder`. Raises MemberRefused."""
    filled = fields(interaction)
    url, text = str(filled.get("url") or "").strip(), str(filled.get("text") or "").strip()
    upload = uploaded(interaction, filled.get("file"))
    name = checked_upload(upload) if upload else "entry.md"
    is_beside = bool(upload and text) and name.endswith(LACKING)
    if sum(map(bool, (url, upload, text))) - is_beside != 1:
        raise MemberRefused(ONE_OF_THREE)
    if url:
        return Addition(("refresh", f"--url={checked_address(url)}"), shorten(url, 100))
    if upload is None:
        return store_addition(folder, name, text.encode(errors="replace"))
    data = checked_data(upload.name, await fetch(upload.url))
    if is_beside:
        store_addition(folder, f"{name}.yaml", text.strip("-\n ").encode(errors="replace"))
    return store_addition(folder, name, data)


def uploaded(interaction: Interaction, chosen: object) -> Upload | None:
    """Return the file that was put into the form, whose ids were `chosen`."""
    data: Any = interaction.data or {}
    files = (data.get("resolved") or {}).get("attachments") or {}
    for file_id in chosen if isinstance(chosen, list) else []:
        if file_id in files:
            found = files[file_id]
            return Upload(str(found["filename"]), int(found["size"]), str(found["url"]))
    return None


def checked_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or any(c.isspace() for c in url):
        raise MemberRefused("That is no web address. It should look like https://example.org/piece.")
    return url


def checked_upload(upload: Upload) -> str:
    """Return a name for the file that is safe to store. Raises MemberRefused before it is fetched."""
    name = escape(shorten(upload.name, 80))
    suffix = Path(upload.name).suffix.lower()
    if suffix not in WHOLE + LACKING:
        raise MemberRefused(
            f"{name} is neither Markdown (.md), JSON lines (.jsonl), plain text (.txt), HTML (.html) nor PDF (.pdf). "
            "Convert it to one of these."
        )
    if upload.size > most_bytes(suffix):
        raise MemberRefused(
            f"{name} has {upload.size / 1_000_000:.1f} MB; at most {most_bytes(suffix) / 1_000_000:.0f} MB are taken "
            "here. Split it, or give it to the maintainer."
        )
    stem = unicodedata.normalize("NFKC", plain(Path(upload.name).stem))
    return (re.sub(r"[^\w-]+", "-", stem).strip("-")[:50] or "entry") + suffix


def most_bytes(suffix: str) -> int:
    """Return how large a file of this kind may be."""
    return LARGEST_PDF if suffix == ".pdf" else LARGEST_FILE


def checked_data(name: str, data: bytes) -> bytes:
    """Return the data, if it is what its name says, as far as that can be seen here. Raises MemberRefused."""
    shown_name, suffix = escape(shorten(name, 80)), Path(name).suffix.lower()
    if len(data) > most_bytes(suffix):
        raise MemberRefused(f"{shown_name} is larger than {most_bytes(suffix) / 1_000_000:.0f} MB. Split it.")
    if suffix in BINARY:
        return data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MemberRefused(f"{shown_name} is no UTF-8 text (byte {error.start}). Save it as text in UTF-8.") from error
    if "\0" in text:
        raise MemberRefused(f"{shown_name} is no text: it has a NUL in it. Save it as text in UTF-8.")
    return data


def store_addition(folder: Path, name: str, data: bytes) -> Addition:
    """Write a file of an addition, for its owner alone."""
    make_private_folder(folder.parent)
    make_private_folder(folder)
    (folder / name).write_bytes(data)
    # What is followed is for who runs the bot to say: an upload brings entries alone.
    words = ("refresh", f"--from={folder / name}", "--no-sources")
    return Addition(words, name, may_lack=name.endswith(LACKING))
