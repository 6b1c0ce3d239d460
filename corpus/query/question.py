"""What a person asked, cleaned and checked: the question and the filters given with it, and what a follow-up means."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from corpus.errors import QuestionRefused
from corpus.text.dates import written_day

LONGEST = 2000  # characters; the model reads about 1,000 of them
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

# A follow-up has no more words than this; what is longer says what it is about.
LONGEST_FOLLOW_UP = 12
# Words that name no subject: a question of these alone is about what was asked before.
SUBJECTLESS = frozenset(
    """
a about again agree agrees all also always am an and any anyone anything are aren as at be because been being believe
believes best both but by can claim claimed claims clarify come comparison continue contrast could couldn did didn
disagree disagreed disagrees do does doesn doing don each either elaborate else even ever exactly example examples
explain far few first for from further give go going had has hasn have haven he her here him his how i if in instead is
isn it its just know last long many may maybe me mean means meant might mine more most much must my never new next no
nor not now of often ok okay on one ones only or other others our out over please possible quite rather really reason
reasons right said same say saying says second should shouldn since so some someone soon source sources still such sure
tell than that the their them then there these they thing things think thinks this those though to too true until up us
use very was wasn way we well were weren what when where whether which while who whom whose why will with without won
worse would wouldn wrong yes yet you your
""".split()
)
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


def clean_question(question: str) -> str:
    """The question in one line, without control and invisible characters. Raises QuestionRefused."""
    # Joiners (Cf) are dropped too: they shape letters of some scripts, and carry no word of their own.
    visible = "".join(
        " " if c.isspace() else c for c in question if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    text = " ".join(visible.split())
    if not any(c.isalnum() for c in text):
        problem = "has no words" if text else "is empty"
        raise QuestionRefused(f"The question {problem}. Ask in words, for example: Will open models catch up?")
    if len(text) > LONGEST:
        raise QuestionRefused(
            f"The question has {len(text):,} characters; at most {LONGEST:,} are read. Ask for one thing in a sentence."
        )
    return text


def follow_up(question: str, earlier: Sequence[str]) -> str:
    """What a question means in a conversation: a follow-up is put behind the question that it takes up.

    `earlier`: the conversation's questions, as written or as understood, oldest first. A follow-up is short, in
    English, and names no subject of its own: it begins with "and", "but", "what about" and the like, or has only words
    such as "why", or a pronoun where a noun should stand, or is one word, or a part of a sentence ("In Europe?").
    Before it comes the last earlier question that stands by itself: "Will open models catch up? And what about
    cybersecurity?". Where it only points back ("Why?"), so does the follow-up between them. Every other question is
    returned as it is.
    No model, no answer's text: only people's own words.
    """
    asked = [text for text in (" ".join(one.split()) for one in earlier) if text]
    if not asked or not _follows_up(question):
        return question
    # Whatever its form, the first question of a conversation follows nothing.
    base = max(n for n, text in enumerate(asked) if n == 0 or not _follows_up(text))
    parts = [asked[base], " ".join(question.split())]
    if len(asked) - 1 > base and _only_points_back(question):
        parts.insert(1, asked[-1])
    whole = " ".join([*(text if text.endswith((".", "?", "!", "…")) else f"{text}?" for text in parts[:-1]), parts[-1]])
    return whole if len(whole) <= LONGEST else question


def follows_the_answer(question: str) -> bool:
    """Whether a follow-up takes up who or when of the answer before, which `completed` puts in."""
    found = SINCE_THEN.search(question) or WHO_DISAGREES.fullmatch(question) or WHAT_OTHERS_SAY.fullmatch(question)
    return found is not None


def completed(question: str, newest: date, people: Sequence[str]) -> str:
    """A follow-up with what it takes up of the answer before: its newest day, and the people who were quoted.

    "Since then?" → "Since 1 June 2026?"; "who disagrees?" → "Who disagrees with Nathan Lambert?".
    """
    dated = SINCE_THEN.sub(f"since {written_day(newest)}", question)
    dated = dated[0].upper() + dated[1:] if SINCE_THEN.match(question) else dated
    if not people:
        return dated
    names = " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
    if WHO_DISAGREES.fullmatch(dated):
        return f"Who disagrees with {names}?"
    return WHAT_OTHERS_SAY.sub(lambda found: f"{found[1]}others than {names}{found[2]}", dated)


def _follows_up(question: str) -> bool:
    words = _words(question)
    if not words or len(words) > LONGEST_FOLLOW_UP:
        return False
    if set(words) <= SUBJECTLESS or _is_one_word(words):
        return True
    said = " ".join(words) + " "
    plain = POINTING_NOWHERE.sub(" nowhere ", said).strip()
    return any(pattern.search(plain) for pattern in FOLLOWING_UP)


def _only_points_back(question: str) -> bool:
    """Whether a follow-up brings no subject of its own."""
    words = _words(question)
    rest = NEW_SUBJECT.sub("", " ".join(words)).split()
    return set(rest) <= SUBJECTLESS


def _is_one_word(words: Sequence[str]) -> bool:
    """One word, in a script that writes words apart: "Deadline?"; the word itself still counts beside the context."""
    return len(words) == 1 and words[0] < "\u0370"  # where the Latin letters end


def _words(text: str) -> list[str]:
    """The words in lower case; of a contraction, what stands before the apostrophe."""
    return [word for word, _ in re.findall(r"([^\W_]+)(['’][^\W_]+)*", text.lower())]
