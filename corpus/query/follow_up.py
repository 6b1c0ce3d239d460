"""What a follow-up means: which earlier question it follows, and what of the answer before it takes up. Pure.

No model and no answer's text: only people's own words, and of an answer its newest day and the names quoted.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date

from corpus.query.about_answer import AboutAnswer, read_about_answer
from corpus.query.date_ranges import MONTH_NUMBERS, SEASONS
from corpus.query.intent import split_questions
from corpus.query.question import LONGEST
from corpus.query.stop_words import SUBJECTLESS
from corpus.text.dates import written_day
from corpus.text.person_name import join_names

# A follow-up has at most so many words, or the second number where it points back; what is longer names its subject.
STAYS = (None, AboutAnswer.MORE)  # in the conversation
LONGEST_FOLLOW_UP, LONGEST_POINTING = 12, 20
POINTING = "he him his she her hers it its they them their theirs this that these those".split()
POINTS = f"(?:{'|'.join(POINTING)})"
IS_OR_DOES = "(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would)"
# Said before a question; it says nothing.
CHATTER = re.compile(
    r"^(?:(?:ok|okay|well|hm+|ah|oh|yes|yeah|thanks|thx|cool|alright|interesting|great)\b[,.!…]* )+", re.IGNORECASE
)
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
        rf"^(?:\S+ ){{1,8}}(?:about|against|by|for|from|in|into|of|on|to|with) {POINTS}$",
        # "Who wrote it?"
        rf"^(?:who|what|when|where|why|how)(?: \S+){{1,2}} {POINTS}$",
        r"\b(?:again|here|there)$",
    )
)
POINTING_BACK = tuple(
    re.compile(pattern)
    for pattern in (
        # A pronoun before any word that could be its noun.
        rf"^(?:(?:{'|'.join(sorted(SUBJECTLESS - set(POINTING)))}) )*{POINTS}\b",
        # "How much quicker was it …", "What kind of names does it …"
        rf"^(?:what|which|why|when|where|how)(?: \S+){{1,4}} {IS_OR_DOES} {POINTS}\b(?! (?:to|that|like|for)\b)",
        r"\bbecause of (?:that|this|it)$",
        r"\b(?:instead|then)$",
        r"^(?:\S+ ){0,4}ones\b(?! (?:that|who|which|with|in|of)\b)",
        r"\b(?:the|this|that)(?: \S+){0,2} one$",
        r"\bthe (?:latter|former|whole thing)\b",
    )
)
# Of a person, who was named before it or was not; and of what may be named after it, too ("his own attention …").
OF_A_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
OF_ITS_OWN = re.compile(r"\b(?:his|her|its|their)\b", re.IGNORECASE)
# Words that look like pointing back, and do not: "Is it true that …", "How long does it take to …", "this year".
POINTING_NOWHERE = re.compile(
    r"\b(?:(?:is|was|be) it (?!similar|close|equal|comparable|related)\S+(?: \S+)? (?:that|to|if|whether|for) "
    r"|(?:said|says?|claim(?:s|ed)?|agrees?|believes?|thinks?|know|means?|sure) that (?!about|of|in|on|to|for)\S"
    r"|it that |it (?:takes?|costs?|matters?|makes? sense|helps?|pays?(?: off)?) (?:to|that|if|whether|when) "
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
WHOLE = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|can|could|will|would|should)\b"
    r"(?:\W+\w+){3}"
)
# "And Claude?", "what about a consortium?": a follow-up that is a subject and nothing more.
SUBJECT_ALONE = re.compile(
    r"(?:(?:and|but|or|also|then|so|plus) )?(?:(?:what|how) about |what of |(?<=and )|(?<=or ))"
    r"(?P<subject>\S+(?: \S+){0,3}?)(?: then)?\W*",
    re.IGNORECASE,
)
ARTICLES = frozenset({"a", "an", "the"})
CALENDAR = frozenset(MONTH_NUMBERS) | frozenset(SEASONS)
# What a question has around its subject, where it asks for nothing else.
FRAMES = tuple(
    re.compile(rf"{before}(?P<subject>(?:an? |the )?\S+(?: \S+){{0,2}}?){behind}\W*", re.IGNORECASE)
    for before, behind in (
        (r"(?:what|who)(?:['’]?s| is| are| was| were) ", ""),
        (r"(?:define|explain|describe|tell me about|what do you know about) ", ""),
        (r"what (?:does|do) ", " mean"),
        (r"how (?:does|do) ", " work"),
        (r"who (?:invented|made|makes|wrote|owns|trained|builds|built|founded) ", ""),
    )
)
# Not at the beginning, where any word has a capital.
NAME = re.compile(r"(?<=\w )(?!I\b)(?:[A-Z][\w.-]*|\w+[A-Z\d][\w.-]*)(?: (?:[A-Z\d][\w.-]*))*(?<!\.)")
# "What is that exactly?": of the last follow-up's subject.
ASKS_WHAT_IT_IS = re.compile(
    r"((?:(?:and|but|so|ok) )*(?:what(?:['’]s| is| are| does| do)|how (?:does|do)) )(?:that|it|this|they|these|those)"
    r"((?: (?:mean|work|exactly|then|again|anyway))*\W*)",
    re.IGNORECASE,
)
WORDS_BEFORE = re.compile(r"^(?:about|against|among|by|for|from|in|of|on|to|under|with|without) (?=\S)", re.IGNORECASE)


def add_context(question: str, earlier: Sequence[str], names: Collection[str] = ()) -> str:
    """Return a follow-up with the earlier question that it follows, and any other question as it is.

    `earlier`: the conversation's questions, as written or as understood, oldest first; `names`: the corpus's
    names of one word, in lower case. A follow-up is short, in English, and names no subject of its own: see
    `is_follow_up`. Before it comes the last earlier question that stands by itself: "Will open models catch up? And
    what about cybersecurity?". Where it points back ("Why?"), so does the follow-up between them. What was asked before
    these is forgotten. A follow-up that is a subject alone takes the place of the one before, where it is plain which
    that is: after "How much does Qwen cost?", "and Claude?" is "How much does Claude cost?".
    """
    turns: list[str] = []
    for text in filter(None, (" ".join(one.split()) for one in earlier)):
        turns.append(_follow(text, turns[-1], names) if turns else text)
    return _follow(question, turns[-1], names) if turns else question


def _follow(question: str, before: str, names: Collection[str]) -> str:
    """Return a question as it follows the turn before it, as that is understood."""
    if not is_follow_up(question, names):
        return question
    # What was wanted of an answer leaves the conversation where it was.
    asked = [text for n, text in enumerate(split_questions(before)) if n == 0 or read_about_answer(text) in STAYS]
    # Whatever its form, the first question of a turn follows nothing.
    standing = 1 + max(n for n, text in enumerate(asked) if n == 0 or not is_follow_up(text, names))
    text, base, added = " ".join(question.split()), " ".join(asked[:standing]), asked[standing:]
    whole = "" if read_about_answer(text) else _put_in_place(text, base, added[-1] if added else "", names)
    if not whole:
        if not read_about_answer(text) and not refers_to_answer(text):
            points = _names_nothing(text) or has_pronoun(text)
            subjects = [part for part in added if not _names_nothing(part)] or added
            added = subjects[-1:] if points else []
        parts = [base, *added]
        whole = " ".join([*(part if part.endswith((".", "?", "!", "…")) else f"{part}?" for part in parts), text])
    return whole if len(whole) <= LONGEST else question


def _names_nothing(question: str) -> bool:
    """Whether a follow-up has no word of a subject."""
    return set(NEW_SUBJECT.sub("", " ".join(_words(question))).split()) <= SUBJECTLESS


def _put_in_place(text: str, base: str, between: str, names: Collection[str]) -> str:
    """Return the one question that a follow-up makes of the earlier one, or "" where it makes none.

    Names of people and sources, and days, are put in place where they are understood, not here.
    """
    asks = ASKS_WHAT_IT_IS.fullmatch(text)
    last = SUBJECT_ALONE.fullmatch(between) if between else None
    if asks and last:
        return f"{asks[1]}{WORDS_BEFORE.sub('', last['subject']).rstrip('?!. ')}{asks[2]}"
    alone = SUBJECT_ALONE.fullmatch(CHATTER.sub("", text))
    subject = alone["subject"].rstrip("?!. ") if alone else ""
    words = set(subject.lower().split()) - ARTICLES
    if (
        not words
        or words & SUBJECTLESS
        or WORDS_BEFORE.match(subject)
        or words & CALENDAR
        or not words.isdisjoint(names)
    ):
        return ""
    found = [match for match in NAME.finditer(base) if match[0].lower() not in CALENDAR]
    if len(found) == 1 and NAME.search(f"and {subject}"):
        is_known = any(word in names for word in found[0][0].lower().split())
        return "" if is_known else base[: found[0].start()] + subject + base[found[0].end() :]
    for frame in FRAMES:
        match = frame.fullmatch(base)
        replaced = match["subject"].rstrip("?!. ") if match else ""
        if match and not (set(replaced.lower().split()) - ARTICLES) & SUBJECTLESS:
            return base[: match.start("subject")] + subject + base[match.start("subject") + len(replaced) :]
    return ""


def is_follow_up(question: str, names: Collection[str] = ()) -> bool:
    """Whether a question, by its form alone, is one that `add_context` puts behind another.

    It begins with "and", "but", "what about" and the like, or has only words such as "why", or is one word, or a part
    of a sentence ("In Europe?"); or it points back: by a pronoun where a noun should stand, by "he" where nobody is
    named, by "instead" at its end. Of several questions the first one counts. `names`: as of `add_context`.
    """
    first = (split_questions(CHATTER.sub("", question.strip())) or [""])[0]
    words = _words(first)
    if not words or len(words) > LONGEST_POINTING:
        return False
    plain = POINTING_NOWHERE.sub(" nowhere ", " ".join(words) + " ").strip()
    # One word, in a script that writes words apart (those end with the Latin letters): "Deadline?".
    is_word = len(words) == 1 and words[0] < "\u0370"
    is_short = len(words) <= LONGEST_FOLLOW_UP
    if is_short and (is_word or set(words) <= SUBJECTLESS or any(pattern.search(plain) for pattern in FOLLOWING_UP)):
        return True
    named = [match.start() for match in re.finditer(r"\w+", first) if match[0].lower() in names]
    named += [match.start() for match in NAME.finditer(first)]
    if named and OF_ITS_OWN.search(first):
        return False
    person = OF_A_PERSON.search(first)
    if person:
        return min(named, default=person.end()) > person.start()
    return any(pattern.search(plain) for pattern in POINTING_BACK) or read_about_answer(first) is not None


def has_pronoun(question: str) -> bool:
    """Whether a follow-up speaks of what was said before as "it", "he", "that" …"""
    return not set(_words(question)).isdisjoint(POINTING)


def is_whole(question: str, names: Collection[str] = ()) -> bool:
    """Whether a follow-up is a question that can be understood without its "and": it may be of a new subject."""
    rest = NEW_SUBJECT.sub("", CHATTER.sub("", question.lower())).lstrip(" ,")
    return WHOLE.match(rest) is not None and not is_follow_up(rest, names)


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
