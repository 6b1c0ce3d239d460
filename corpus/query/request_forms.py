"""Requests for the catalogue ("how many essays", "list all from April") and for a whole piece ("tl;dr of X"). Pure.

A request is seen by its form alone, which is the whole of the question: a noun for what the corpus holds, and around it
whose, of when, or about what. "How many essays did the students write" has the same form as "How many essays did Ball
write": whether what stands around the noun can be understood is not decided here.
"""

import re
from typing import NamedTuple

from corpus.models.question_kind import QuestionKind as Kind
from corpus.query.date_ranges import MONTH_NUMBERS
from corpus.query.plain_words import any_of, split_clauses, strip_chatter
from corpus.query.small_talk import find_talk


class Request(NamedTuple):
    """What is requested. `before`, `after`: what stands around the noun ("Ball's", "since April"), as it is written.

    `noun`: what is counted or listed, or "" where the question does not say; `is_one`: a single one is meant. Of an
    entry or a piece, `after` is what names it; `is_loose`: that may be a subject as well ("thoughts on distillation").
    """

    kind: Kind
    before: str = ""
    after: str = ""
    noun: str = ""
    is_one: bool = False
    is_loose: bool = False


ONE = any_of(
    "essay|article|entry|post|blog ?post|piece|guide|interview|paper|write-?up|newsletter|document|explainer|text"
)
MANY = any_of(
    "essays|articles|entries|posts|blog ?posts|pieces|guides|events|interviews|papers|write-?ups|documents|docs|texts",
    "explainers|items",
)
ONE_OR_MANY = f"(?:(?P<one>{ONE})|(?P<noun>{MANY}|additions))"
NOUN = f"(?P<noun>{MANY})"
SOURCES = "(?:sources|publications|blogs|sites|websites|feeds|outlets|newsletters)"
AUTHORS = "(?:authors|writers|people|voices|contributors|commentators)"
THIS = "(?:the|this|your) (?:corpus|library|archive|collection|database|index|bot)"
HERE = f"(?:in here|here|(?:in|of|from) {THIS})"
HAVE = any_of(
    f"(?: are)? {HERE}",
    " (?:do|have|are|can) (?:you|we|there)(?: (?:got|have|know|read|indexed|find|cover|follow|use|here))?",
    f" does {THIS} (?:have|hold|contain|cover)| (?:that )?you (?:have|know|cover|follow|use)| there are",
    " are (?:covered|there)| in (?:all|total)| (?:have been|were|are) (?:added|published|posted|written)",
    " (?:come|came) out| exist",
)
HAVE = f"{HAVE}*"
GIVE = "(?:list|show|give|get|find|send|browse|display|see|i want|i need)(?: me| us)?(?: a list of| an overview of)?"
ALL = any_of(
    "all|every|any|some|the|your|of|full|whole|complete|total|other|different|recent|available|new",
    r"\d+|three|five|ten",
)
ALL = f"(?:{ALL} )*"
MONTH = any_of(*(rf"{month}\b" for month in MONTH_NUMBERS))
PERIOD = any_of(r"\d", "last|past|spring|summer|autumn|fall|winter", "(?-i:[A-Z])", MONTH)
IN_WHEN = f"in (?=(?:(?:the|early|mid|late) )*{PERIOD})"
SAYS_WHICH = any_of(
    f"by|from|{IN_WHEN}|since|until|between|before|after|during|this|last|published|written|posted",
    "yesterday|today|lately|recently|so far",
)
ABOUT = "of|on|about|with|regarding|mentioning|discussing|that|did|has|have|are|talk|discuss|mention|cover|speak|deal"
BEFORE = r"(?P<before>(?:\S+ ){0,4}?)"
WHICH = rf"(?: (?P<after>{SAYS_WHICH}\b.*))?"  # whose, and of when
WHICH_OR_ABOUT = rf"(?: (?P<after>(?:{SAYS_WHICH}|{ABOUT})\b.*))?"
NAMED_PIECE = rf"(?:.+ )?{ONE}(?: .+)?"
GIST = any_of(
    "tldr|summary|gist|overview|thesis|takeaways?|short version|essence|bottom line|core argument",
    "(?:main|key) (?:points?|argument|idea|claim|takeaways?|message|thesis)",
)
PUBLISH = "(?:write|written|publish|published|post|posted|release|released)"
COME_OUT = any_of(
    "(?:came|has come|have come) out",
    "(?:was|were|has been|have been) (?:published|released|posted|added)",
)

COUNT = "(?:how many|(?:the )?(?:total )?number of|count)"
YOU = "(?:you|this bot|footnote|the corpus)"
WHICH_IS = f"(?:(?:{GIVE}|what (?:is|are|was|were)|which (?:is|are)) )?(?:the |your )?{BEFORE}"
NEW = "(?:newest|latest|most recent|last)"
GIVE_ONE = f"(?:(?:{GIVE}|what is|drop|post|share|is there|do you have) )?(?:(?:a|an|the|any) )?"
GIVE_SHORT = f"(?:(?:{GIVE}|what (?:is|are)|write) )?(?:(?:a|the|some|your) )?(?:(?:quick|short|brief|one line) )?"

# Each is the whole of what is asked.
FORMS = {
    Kind.COUNT: (
        f"{COUNT} {ALL}{BEFORE}(?P<noun>{MANY}|{SOURCES}|{AUTHORS}){HAVE}{WHICH_OR_ABOUT}",
        f"how (?:big|large) is {THIS}",
    ),
    Kind.SOURCES: (
        f"(?:what|which)(?: are)?(?: all)?(?: the)? {SOURCES}{HAVE}",
        f"(?:what are )?(?:all )?your {SOURCES}{HAVE}",
        f"{GIVE} {ALL}{SOURCES}{HAVE}",
        f"what (?:topics|subjects) are covered(?: {HERE})?|sources",
        f"what (?:topics |subjects |things )?(?:do|does|can) {YOU} (?:cover|know(?: about)?|contain|follow|read)",
        rf"what is (?:in here|in {THIS}|{THIS} about)|where do you get your \w+(?: from)?",
    ),
    Kind.ENTRY: (
        f"{GIVE_ONE}(?:link|url|address) (?:to|of|for) (?P<after>.+)",
        "where (?:can|do|could|may) (?:i|we|you|one) (?:find|read|see|get) (?P<after>.+)",
        "link (?P<after>.+)",
        f"who (?:wrote|published|posted|(?:is|was|are|were) the (?:authors?|writers?) of) (?P<after>{NAMED_PIECE})",
        f"when (?:was|were) (?P<after>{NAMED_PIECE}) (?:published|written|posted|released)",
        f"when did (?P<after>{NAMED_PIECE}) (?:come out|appear)",
        "(?P<after>.+) (?:link|url)",
    ),
    Kind.SUMMARY: (
        f"{GIVE_SHORT}{GIST} (?:of|for|on|from|in|about|to) (?P<after>.+)",
        "(?:tldr|summary|summari[sz]e|sum up|recap) (?P<after>.+)",
        "(?P<after>.+) (?:tldr|summary|in a nutshell)",
        "what (?:is|was|are) (?P<loose>.+) (?:all )?about",
        rf"what (?:does|did|do) (?:\S+ ){{1,3}}?(?:argue|claim|conclude|say|write) in (?P<after>{NAMED_PIECE})",
        "what (?:does|did|do) (?P<loose>.+) (?:argue|claim|conclude|say|cover|discuss)(?: for| overall)?",
        "(?:what (?:is|are) )?(?P<loose>.+)'s (?:main |key |core )?(?:point|argument|thesis|message|takeaways?)",
        "(?:(?:any|your|what are (?:the|your)) )?(?:thoughts|views|opinions|take) (?:on|about) (?P<loose>.+)",
        f"(?:tell me (?:more )?about|explain|describe) (?P<after>(?:.+ {ONE}|(?:the |a )?{ONE} .+))",
    ),
    Kind.PEOPLE: (
        f"who(?: all)? (?:writes|publishes|posts|is writing|is) {HERE}",
        f"whose {MANY} do you have",
        f"(?:what|which|who)(?: are)?(?: all)?(?: the| your)? {AUTHORS}(?: write| are)?{HAVE}",
        f"{GIVE} {ALL}{AUTHORS}{HAVE}",
    ),
    Kind.NEWEST: (
        f"what is (?:new|the (?:latest|newest|most recent))(?: {HERE}| with you)?{WHICH}",
        f"(?:(?:is there|do you have|have you) )?(?:anything|something) new(?: {HERE})?{WHICH}",
        f"(?:the )?(?:latest|newest){WHICH}",
        "updates|what did i miss",
        rf"{WHICH_IS}{NEW} {ALL}(?P<topic>(?:\S+ ){{0,3}}?){ONE_OR_MANY}(?: {HERE}| you have)?{WHICH_OR_ABOUT}",
    ),
    Kind.ENTRIES: (
        f"(?:what|which)(?: {MANY})? {COME_OUT}(?: {HERE})?{WHICH}",
        f"{GIVE} {ALL}{BEFORE}{NOUN}{HAVE}{WHICH_OR_ABOUT}",
        f"(?:what|which)(?: are)? {ALL}{NOUN}{HAVE}{WHICH_OR_ABOUT}",
        f"(?:(?:do|have) you (?:have|got)|are there) {ALL}{NOUN}(?: {HERE})?{WHICH_OR_ABOUT}",
        f"(?:(?:do|have) you (?:have|got)|is there) (?:an?|any|some) (?P<noun>{ONE})(?: {HERE})?{WHICH_OR_ABOUT}",
        f"(?:{GIVE} )?(?:all|everything)(?: (?:of|the|your))*(?: {BEFORE}{NOUN})?{HAVE}{WHICH_OR_ABOUT}",
        rf"{ALL}(?P<before>(?:(?:(?:\S+ ){{0,2}}\S+(?:'s|s')|{MONTH}) {ALL})?){NOUN}{WHICH_OR_ABOUT}",
        rf"{ALL}(?P<author>(?-i:[A-Z])\S*(?: (?-i:[A-Z])\S*){{0,3}}) {NOUN}{WHICH_OR_ABOUT}",
        rf"what (?:did|has|have) (?P<author>(?:\S+ ){{1,4}}?){PUBLISH}{WHICH}",
        f"(?:browse|{GIVE}) (?:everything|all)(?: (?:you have|there is))?|browse",
    ),
}
_FORMS = tuple((kind, re.compile(form, re.IGNORECASE)) for kind, forms in FORMS.items() for form in forms)
POINTING = frozenset("it this that these those them he him she her they".split())  # what was spoken of before


CONTINUING = re.compile(
    r"(?:(?:and|or|what about|how about|also|only)(?: (?:the )?(?:ones?|those))? )+"
    rf"(?:(?P<after>{SAYS_WHICH}\b.*)|(?P<month>{MONTH}))",
    re.IGNORECASE,
)


def continue_request(question: str, earlier: str) -> Request | None:
    """Return the earlier request for a list or a count with what a follow-up says in its place: "and by Ball?"."""
    match = CONTINUING.fullmatch(" ".join(split_clauses(question)))
    before = find_request(earlier) if match else None
    if match is None or before is None or before.kind not in (Kind.COUNT, Kind.ENTRIES, Kind.NEWEST):
        return None
    return before._replace(before="", after=match["after"] or f"in {match['month']}")


def find_request(question: str) -> Request | None:
    """Return what of the catalogue, or of a piece as a whole, a question requests by its form; None for other ones."""
    clauses = split_clauses(question)
    while clauses and find_talk(clauses[:1]):
        clauses = clauses[1:]
    asked = strip_chatter(" ".join(clauses))
    for kind, form in _FORMS:
        if match := form.fullmatch(asked):
            found = {name: (part or "").strip() for name, part in match.groupdict().items()}
            before = f"{found['author']}'s" if found.get("author") else found.get("before", "")
            after = found.get("after") or found.get("loose", "")
            after = f"about {found['topic']} {after}".strip() if found.get("topic") else after
            noun = (found.get("noun") or found.get("one", "")).casefold()
            request = Request(kind, before, after, noun, bool(found.get("one")), bool(found.get("loose")))
            if kind not in (Kind.ENTRY, Kind.SUMMARY) or request.after.casefold() not in POINTING:
                return request
    return None
