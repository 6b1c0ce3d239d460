"""What the name and the place of a file say of the post in it. Pure."""

import csv
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from corpus.ingest.parse.front_matter import parse_front_matter
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.text.urls import web_address

# Names of a file that stands for its folder, as posts are kept that have pictures beside them.
FOR_FOLDER = frozenset({"index", "readme", "_index", "post", "page"})
# What stands before the name of a post in that of its file: a day, or the number that an export counts by.
BEFORE_NAME = re.compile(r"^(?:\d{4}[-_.]\d{2}[-_.]\d{2}(?:T?\d{2}[-_:]?\d{2}(?:[-_:]?\d{2})?)?[-_. ]+|\d{4,}\.)")
LONGEST_TITLE = 200


def name_of_post(where: str) -> str:
    """Return the name of a post by its file: without the day before it; of an index file, that of its folder."""
    path = PurePath(where)
    stem = path.stem if path.suffix else path.name
    name = path.parent.name if stem.lower() in FOR_FOLDER and path.parent.name else stem
    return BEFORE_NAME.sub("", name) or name


def readable_name(where: str) -> str:
    """Return the name of a post as a title, for one that has none: my-first-post → My first post."""
    words = re.sub(r"[-_]+", " ", name_of_post(where).partition(":")[0])
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())[:LONGEST_TITLE]
    return line[:1].upper() + line[1:]


def address_of_post(address: str, slug: str, day: object) -> str | None:
    """Return the address of a post on its site; None where it would be none.

    `address`: with {slug}, {year}, {month} and {day} for their places; without {slug}, it stands behind.
    """
    year, month, of_month = [*str(day)[:10].split("-"), "", ""][:3]
    if "{slug}" not in address:
        address = f"{address.rstrip('/')}/{{slug}}"
    for name, value in (("slug", slug), ("year", year), ("month", month), ("day", of_month)):
        address = address.replace(f"{{{name}}}", value)
    try:
        return web_address(address.replace(" ", "%20"))
    except ValueError:
        return None


def parse_posts_csv(text: str) -> dict[str, Mapping[str, Any]]:
    """Return the fields of each post that an export lists in its posts.csv, by the name of its file. Raises NotAnEntry.

    Substack's names a post by post_id, which is its file's name without the ending.
    """
    rows: dict[str, Mapping[str, Any]] = {}
    try:
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
            name = (row.get("post_id") or row.get("id") or row.get("slug") or "").strip()
            if name:
                fields = {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
                rows[name] = {key: value for key, value in fields.items() if value}
    except csv.Error as error:
        raise NotAnEntry(f"is no list of posts that can be read ({error}); export it anew") from error
    return rows


def parse_blog_list(text: str) -> dict[str, Mapping[str, Any]]:
    """Return the fields of each post that a _blog.yml lists, as the blog of Hugging Face has it, by its file's name.

    Each item is read by itself: one that cannot be read says nothing of its post.
    """
    rows: dict[str, Mapping[str, Any]] = {}
    for item in re.split(r"^-(?= )", text, flags=re.MULTILINE)[1:]:
        with suppress(NotAnEntry):
            fields = parse_front_matter(f" {item}")
            if isinstance(fields.get("local"), str):
                rows[fields["local"]] = {name: value for name, value in fields.items() if name != "local"}
    return rows


def parse_author_names(text: str) -> dict[str, str]:
    """Return the names in an authors.yml, as Docusaurus has it, by the keys of posts for them. Raises NotAnEntry."""
    fields = parse_front_matter(text)
    people = {
        key: one["name"] for key, one in fields.items() if isinstance(one, dict) and isinstance(one.get("name"), str)
    }
    return {str(key): name for key, name in people.items()}
