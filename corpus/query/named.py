"""What a question calls by name, as it is written: Suno, SB 1047, GPT-5, WebSockets. Pure."""

import re

WORD = re.compile(r"[^\W_](?:[\w.'’-]*[^\W_])?")
# Written with a capital, and no name of anything: "I", and when something was, which the days of an entry tell.
NO_NAME = re.compile(
    r"I(?:['’]\w+)?|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
ENDS_SENTENCE = ".?!:…"
SHOUTED = 0.6  # of the words have a capital: a title or a shout, where capitals say nothing
FEWEST = 3  # words in which that can be seen


def find_names(question: str) -> list[str]:
    """Return the words of a question that are written as names, without a possessive s.

    Those with a capital that begins no sentence, and those with capitals or figures among their letters.
    """
    words = list(WORD.finditer(question))
    capitals = sum(word[0][0].isupper() for word in words[1:])
    if question.isupper() or (len(words) > FEWEST and capitals > SHOUTED * (len(words) - 1)):
        return []
    names = []
    for place, word in enumerate(words):
        name = re.sub(r"['’]s$", "", word[0])
        before = question[: word.start()].rstrip(" \"'“”‘’(")
        begins = place == 0 or before[-1:] in ENDS_SENTENCE
        has_figures = any(map(str.isdigit, name)) and any(map(str.isalpha, name))
        is_mixed = has_figures or name[1:] != name[1:].lower()
        if not NO_NAME.fullmatch(name) and (is_mixed or (name[0].isupper() and not begins)):
            names.append(name)
    return names
