"""A name as a slug."""

import re
import unicodedata


def slug_of(name: str, longest: int) -> str:
    """Return the words of a name in small letters and digits of ASCII, with hyphens; cut behind a whole word.

    "" where it has no such letter.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", ascii_name.replace("'", "")):
        if len(slug) + len(word) + 1 > longest:
            break
        slug = f"{slug}-{word}".strip("-")
    return slug
