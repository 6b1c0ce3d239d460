"""Tags of languages, as BCP 47 has them."""

import re

# A tag of BCP 47 (RFC 5646, 2.1): language, script, region, variants, extensions, private use. No language of more than
# three letters is registered, so that "english" is none.
LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",
    re.ASCII,
)
# The names in English of languages that questions come in, by their tag.
NAMES = dict(
    zip(
        """
        af ar be bg bn ca cs da de el es et eu fa fi fr gl gu he hi hr hu hy id is it ja ka kk ko lt lv mk mr ms nb nl
        nn no pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh
        """.split(),
        """
        Afrikaans Arabic Belarusian Bulgarian Bengali Catalan Czech Danish German Greek Spanish Estonian Basque
        Persian Finnish French Galician Gujarati Hebrew Hindi Croatian Hungarian Armenian Indonesian Icelandic Italian
        Japanese Georgian Kazakh Korean Lithuanian Latvian Macedonian Marathi Malay Norwegian Dutch Norwegian
        Norwegian Polish Portuguese Romanian Russian Slovak Slovenian Albanian Serbian Swedish Swahili Tamil Telugu
        Thai Tagalog Turkish Ukrainian Urdu Vietnamese Chinese
        """.split(),
        strict=True,
    )
)
LONGEST_TAG = 35  # characters; RFC 5646, 4.4.1, has programs keep as many
SCRIPT, REGION = 4, 2  # letters


def language_tag(value: str) -> str:
    """Return the tag as it is written by custom: zh-Hant-TW. Raises ValueError."""
    subtags = value.lower().split("-")
    if len(value) > LONGEST_TAG or not LANGUAGE.fullmatch(value.lower()):
        raise ValueError("is no language tag; write it as in en, pt-BR or zh-Hant")
    for at, subtag in enumerate(subtags[1:], start=1):
        if len(subtag) == 1:
            break  # what follows belongs to an extension, in small letters
        subtags[at] = {SCRIPT: subtag.title(), REGION: subtag.upper()}.get(len(subtag), subtag)
    return "-".join(subtags)
