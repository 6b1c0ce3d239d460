"""What a follow-up means: which earlier question it follows, and what of the answer before it takes up. Pure.

No model and no answer's text: only people's own words, and of an answer its newest day and the names quoted.
"""

import re
from collections.abc import Sequence
from datetime import date

from corpus.query.question import LONGEST
from corpus.query.stop_words import SUBJECTLESS
from corpus.text.dates import written_day
from corpus.text.person_name import join_names

# A follow-up has no more words than this; what is longer says what it is about.
LONGEST_FOLLOW_UP = 12
POINTING = "he him his she her hers it its they them their theirs this that these those".split()
# Each is searched in the question's words, lower case and with one blank between them.
FOLLOWING_UP = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:and|but|or|so|also|then|plus|what about|how about|what of|what if|same|the same)\b",
        r"^(?:why not|why so|how so)(?: \S+){0,2}$",
        # A part of a sentence: "In Europe?", "By whom?"
        r"^(?:about|against|among|by|for|from|in|of|on|since|to|under|until|with|without)(?: \S+){1,3}$",
        r"^\S+(?: \S+){0,4} (?:too|as well|either|instead)$",
        r"\bsince then$",
        r"\b(?:who|what|where|when|anyone|anything|anybody|somebody|someone|nobody) else\b",
        rf"^(?:\S+ ){{1,8}}(?:about|against|by|for|from|in|into|of|on|to|with) (?:{'|'.join(POINTING)})$",
        # A pronoun before any word that could be its noun.
        rf"^(?:(?:{'|'.join(sorted(SUBJECTLESS - set(POINTING)))}) )*(?:{'|'.join(POINTING)})\b",
    )
)
# Words that look like pointing back, and do not: "Is it true that …", "How long does it take to …", "this year".
POINTING_NOWHERE = re.compile(
    r"\b(?:(?:is|was|be) it (?!similar|close|equal|comparable|related)\S+(?: \S+)? (?:that|to|if|whether|for) "
    r"|(?:said|says?|claim(?:s|ed)?|agrees?|believes?|thinks?|know|means?|sure) that (?!about|of|in|on|to|for)\S"
    r"|it that |it (?:takes?|costs?|matters?|makes? sense|helps?|pays?) (?:to|that|if|whether|when) "
    r"|th(?:is|at|ese|ose) (?:year|month|week|quarter|decade|century|spring|summer|autumn|fall|winter|day|days)s?\b)"
)
# Follow-ups to what was answered, not to what was asked.
SINCE_THEN = re.compile(r"\bsince then(?=\W*$)", re.IGNORECASE)
WHO_DISAGREES = re.compile(
    r"(?:(?:and|but|so) )?(?:who|do(?:es)? any(?:one|body)|did any(?:one|body))(?: else)? disagree[sd]?"
    r"(?: with (?:that|this|it|him|her|them))?\W*",
    re.IGNORECASE,
)
WHAT_OTHERS_SAY = re.compile(
    r"((?:(?:and|but|so) )?what (?:do|did|would) )(?:the )?others( (?:say|think|believe|argue|write)\b.*)",
    re.IGNORECASE,
)
NEW_SUBJECT = re.compile(r"^(?:and|but|or|so|also|then|plus|what about|how about|what of|same|the same)\b")


def add_context(question: str, earlier: Sequence[str]) -> str:
    """Return a follow-up behind the earlier question that it follows, and any other question as it is.

    `earlier`: the conversation's questions, as written or as understood, oldest first. A follow-up is short, in
    English, and names no subject of its own: it begins with "and", "but", "what about" and the like, or has only words
    such as "why", or a pronoun where a noun should stand, or is one word, or a part of a sentence ("In Europe?").
    Before it comes the last earlier question that stands by itself: "Will open models catch up? And what about
    cybersecurity?". Where it only points back ("Why?"), so does the follow-up between them.
    """
    asked = [text for text in (" ".join(one.split()) for one in earlier) if text]
    if not asked or not is_follow_up(question):
        return question
    # Whatever its form, the first question of a conversation follows nothing.
    base = max(n for n, text in enumerate(asked) if n == 0 or not is_follow_up(text))
    parts = [asked[base], " ".join(question.split())]
    own = NEW_SUBJECT.sub("", " ".join(_words(question))).split()
    if len(asked) - 1 > base and set(own) <= SUBJECTLESS:
        parts.insert(1, asked[-1])
    whole = " ".join([*(text if text.endswith((".", "?", "!", "…")) else f"{text}?" for text in parts[:-1]), parts[-1]])
    return whole if len(whole) <= LONGEST else question


def is_follow_up(question: str) -> bool:
    """Whether a question, by its form alone, is one that `add_context` puts behind another."""
    words = _words(question)
    if not words or len(words) > LONGEST_FOLLOW_UP:
        return False
    # One word, in a script that writes words apart (those end with the Latin letters): "Deadline?".
    if set(words) <= SUBJECTLESS or (len(words) == 1 and words[0] < "\u0370"):
        return True
    plain = POINTING_NOWHERE.sub(" nowhere ", " ".join(words) + " ").strip()
    return any(pattern.search(plain) for pattern in FOLLOWING_UP)


def refers_to_answer(question: str) -> bool:
    """Whether a follow-up means the day or the people of the answer before it; `fill_from_answer` names them."""
    return any((SINCE_THEN.search(question), WHO_DISAGREES.fullmatch(question), WHAT_OTHERS_SAY.fullmatch(question)))


def fill_from_answer(question: str, newest: date, people: Sequence[str]) -> str:
    """Return a follow-up with what it means of the answer before: its newest day, and the people quoted.

    "Since then?" → "Since 1 June 2026?"; "who disagrees?" → "Who disagrees with Nathan Lambert?".
    """
    dated = SINCE_THEN.sub(f"since {written_day(newest)}", question)
    dated = dated[0].upper() + dated[1:] if SINCE_THEN.match(question) else dated
    if not people:
        return dated
    names = join_names(people, len(people))
    if WHO_DISAGREES.fullmatch(dated):
        return f"Who disagrees with {names}?"
    return WHAT_OTHERS_SAY.sub(lambda match: f"{match[1]}others than {names}{match[2]}", dated)


def _words(text: str) -> list[str]:
    """Return the words in lower case; of a contraction, what stands before the apostrophe."""
    return [word for word, _ in re.findall(r"([^\W_]+)(['’][^\W_]+)*", text.lower())]
