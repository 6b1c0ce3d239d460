"""The phrases by which a question says who and when, as patterns over the words of a sentence (see `tokens`).

In them, @ and a number is a name, and # begins a time. They know English alone; what they do not know stays a part of
the question.
"""

import re

# Verbs of saying; the plain ones say nothing of the subject.
PLAIN = """say says said saying think thinks thought thinking write writes wrote written writing argue argues argued
arguing believe believes believed claim claims claimed claiming publish publishes published post posts posted state
states stated mention mentions mentioned talk talks talked speak speaks spoke discuss discusses discussed""".split()
REPORTING = """acknowledge acknowledges acknowledged admit admits admitted advise advises advised agree agrees agreed
assume assumes assumed bet bets conclude concludes concluded criticise criticises criticised criticize criticizes
criticized describe describes described disagree disagrees disagreed doubt doubts doubted expect expects expected
explain explains explained fear fears feared feel feels felt forecast forecasts hope hopes hoped insist insists
insisted note notes noted predict predicts predicted propose proposes proposed recommend recommends recommended see
sees seen saw stress stresses stressed suggest suggests suggested view views viewed warn warns warned worry worries
worried""".split()
PAST = "said thought wrote written argued claimed published posted stated mentioned talked spoke discussed".split()
PUBLISHING = frozenset("publish publishes published post posts posted".split())
# What people publish, what they hold, and what of it may be the latest.
PIECES = """essays? articles? entr(?:y|ies) interviews? commentary newsletters? news blog\\ posts? posts?
quot(?:e|ation)s?"""
VIEWS = """views? positions? opinions? pieces? takes? bets? arguments? claims? thoughts? thinking predictions?
forecasts? stance advice assessment judge?ment reasoning analysis blog words statements? writings? case conclusions?
warnings? criticism critique proposals? blogs?"""
LATEST = "views? opinions? pieces? takes? bets? thoughts thinking statements? predictions? word updates? developments?"


def _any_of(words: str | list[str]) -> str:
    listed = re.split(r"(?<!\\)\s+", words) if isinstance(words, str) else words
    return f"(?:{'|'.join(listed)})"


NAME = r"@\d+"
NAMES = rf"{NAME}(?:(?: ,)?(?: and| or| &)? {NAME})*"
SAY, SAID, PIECE = _any_of(PLAIN + REPORTING), _any_of(PAST), _any_of(PIECES)
HELD = f"(?:{PIECE}|{_any_of(VIEWS)})"
ABOUT = "(?:about|on|of|regarding|concerning|over)"
AND = "(?:(?:and|but|so|or|then) )?"
ADVERB = "(?: " + _any_of(
    """also always actually already currently ever exactly first himself herself just lately now nowadays often
    originally really recently since still themselves then today"""
)
ADVERB += ")"
PEOPLE = "(?:the )?(?:people|others?|authors?|anyone|anybody|everyone|everybody|somebody|someone|commentators|they)"
ANYONE = "(?:who|(?:has|did|does) any(?:one|body)|has someone|(?:do|did|have) people)"
DISAGREE = (
    r"(?:disagree[sd]?|(?:oppose|contradict)(?:s|d|ed)?|object(?:s|ed)? to|differ(?:s|ed)? from|argue[sd]? against)"
)
ASIDE = "(?:others? than|besides|apart from|aside from|except(?: for)?)"

# Who speaks

SPEAKS = re.compile(
    rf"(?:(?<!\S)(?P<aux>do|does|did|has|have|had|would|will|could|can|should|might|may|is|are|was|were) )?"
    rf"(?P<who>{NAMES}){ADVERB}{{0,2}} (?P<verb>{SAY})\b(?: {ABOUT}\b)?"
)
MAKES_OF = re.compile(rf"(?:do|does|did|would|will) (?P<who>{NAMES}){ADVERB}? (?:make|have to say) (?:of|about|on)\b")
ACCORDING = re.compile(
    rf"(?<!\S)(?:according to|in the (?:words|view|opinion|eyes) of) (?:the )?(?P<who>{NAMES})(?!\S)"
)
HOLDS = re.compile(
    rf"(?P<who>{NAME})'s(?: (?:own|latest|newest|recent|most|new|last|main|first|current)){{0,2}} {HELD}\b"
)
HELD_BY = re.compile(
    rf"\b(?:{HELD}|{SAID}|anything|something|new|latest|newest|word)(?P<topic>(?: [^@\s]+){{0,6}}?) (?:by|from) "
    rf"(?:the )?(?P<who>{NAMES})(?!\S| to\b)"
)
FOR = re.compile(rf"^{AND}for (?P<who>{NAMES}) ,")
APPEARED_IN = re.compile(rf"\b(?:{SAID}|appeared|news?)(?: [^@\s]+){{0,3}} (?:in|on|at) (?:the )?(?P<who>{NAME})(?!\S)")
# A follow-up of a name alone.
NAME_ALONE = re.compile(
    rf"^{AND}(?:(?:what|how) (?:about|of) |according to )?(?P<who>{NAMES})(?: (?:too|then|again))?(?: \?)*$"
)

# Lambert on licences: as a heading.
HEADING = re.compile(rf"^{AND}(?P<who>{NAMES}) (?:on|about) (?=\S)")

# What stands before a name that does not speak, though a verb of saying follows it, or what it holds.
NOT_SPEAKING = frozenset("about and against between by for from like of on or than to unlike with".split())
NOT_HOLDING = frozenset("about against for from on to with".split())  # "thoughts on Ball's essay"
RESPONDING = re.compile(
    r"\b(?:disagree|agree|critici|respon|repl(?:y|ie)|react|object|oppos|reject|review|against|refut|rebut|challeng|"
    r"disput|compar|differ|similar|contrast|unlike|cit(?:e|ing))\S*(?: \S+){0,2} $"
)
ASKS_WHO = re.compile(rf"^{AND}(?:who|whom|whose)\b")
ASKS_WHAT = re.compile(r"(?:^|[ ,])(?:what|anything|something)(?: else)? $")

# Who does not

WITHOUT = re.compile(rf"(?<!\S)(?:{ASIDE}|{PEOPLE} but(?: not)?) (?P<who>{NAMES})(?!\S)")
AGAINST = re.compile(
    rf"^{AND}(?:(?:does|did|do) )?(?:who|{PEOPLE})(?: else)? {DISAGREE}(?: with)? (?P<who>{NAMES})"
    rf"(?:'s(?: \S+)? {HELD}\b(?: {ABOUT}\b)?)?(?![^\s'])(?!'s)"
)
SAYS_OR_HOLDS = re.compile(rf"\b(?:{SAY}|{DISAGREE}|{HELD})\b")
THE_OTHERS = re.compile(
    rf"^{AND}(?:what (?:do|did|would) (?:the )?others {SAY}\b"
    r"|(?:who|(?:does|did) any(?:one|body))(?: else)? disagree[sd]?\b)"
)

# What was said, by anybody; what is new

ANYBODY = re.compile(
    rf"^(?:#\S+ (?:, )?)?{AND}(?:"
    rf"(?:(?:which|what|any|are there|show me|list|find|give me)(?: the| all| any)? )?{PIECE} (?:{ABOUT}\b|#)"
    rf"|(?:any|are there any|what) (?:takes|views|opinions|thoughts|statements|claims|arguments) (?:{ABOUT}\b|#)"
    rf"|(?:is there )?anything (?:(?:new|more|said|written) )?(?:{ABOUT}\b|#)|what (?:was published|came out) #"
    rf"|what (?:was|is|were|has been|have been|had been|is being){ADVERB}? "
    rf"(?:said|written|argued|claimed|thought|posted|discussed)\b"
    rf"|what (?:do|did|have|has|had) {PEOPLE}{ADVERB}? {SAY}\b"
    rf"|{ANYONE}(?: else)?{ADVERB}? (?:say|said|says|argued?|argues|claim(?:s|ed)?|thinks?|thought|believe[sd]?"
    rf"|predict(?:s|ed)?|warn(?:s|ed)?|disagree[sd]?|posted)\b)"
)
WHAT_WAS_SAID = re.compile(rf"^{AND}what (?:was|has been|had been){ADVERB}? (?:said|written|argued|claimed)\b")
NEWS = re.compile(
    rf"(?<!\S)(?:what(?:'?s| is| was| has been)(?: the)? (?:new|latest|newest|most recent)"
    rf"(?= ?(?:$|\?|#|,|(?:about|on|from|in|with|by|{PIECE})\b))|anything new|something new|any(?: \S+)? news"
    rf"|(?:the )?(?:latest|newest|most recent|recent) "
    rf"(?:(?:{PIECE}|{_any_of(LATEST)})\b(?: {ABOUT}\b)?|(?:about|on|from|by|regarding)\b)"
    rf"|(?:^|the )news (?:about|on|of|from)\b|(?:^|is there |what )news\b)"
)
LATELY = re.compile(
    rf"(?<!\S)(?:{NAMES} (?P<a>recently|lately|currently|now|nowadays) {SAY}|(?:was|been) (?P<b>recently|lately) {SAID}"
    rf"|{SAY} (?P<c>recently|lately|most recently|nowadays|these days)(?!\S)"
    rf"|{SAY} .*(?P<d>recently|lately|these days)(?= \?| !|$))"
)
# "who said that?", "when was that?": asks for what stands before each quote.
ATTRIBUTION = re.compile(
    rf"^{AND}(?:(?:who|where|when) (?:was it )?(?:said|says|say|wrote|claimed|claims|argued|argues|thinks|believes) "
    r"(?:all )?(?:that|this|so|it)"
    r"|(?:when|where) (?:was|were) (?:that|this|it|these|those)(?: (?:said|written|published))?"
    r"|(?:when|where) did (?:he|she|they|@\d+) (?:say|write|claim|argue|publish) (?:that|this|so|it)"
    r"|whose (?:words|view|opinion) (?:is|are|was|were) (?:that|this|it|these|those))(?: \?| !)*$"
)

# When

TIME = re.compile(r"#(?P<how>[suibr])(?P<kind>[dmyr])(?P<number>\d+)")
# What stands between a verb of saying and its time.
NEXT_TO = re.compile(
    rf"(?:^|\b(?:{SAY}|{HELD})|\b(?:new|latest|news|anything|came out|appeared))(?: (?:by|from) (?:the )?{NAMES})?"
    rf"(?: anything| something| so far|{ADVERB})?(?: ,)? $"
)
# "say about licences since April": not where a clause begins, which may have a time of its own.
AFTER_TOPIC = re.compile(
    rf"\b(?:{SAY}|{HELD}|new|latest|news|anything|make)(?: (?:by|from) {NAMES})? (?:{ABOUT}|for|from|in|with)"
    r"(?: (?!that\b|has\b|have\b|is\b|was\b)[^#\s]+){1,9} $"
)
LEADING = re.compile(rf"^{AND}(?:#\S+ )*$")
ONLY_PART = re.compile(rf"^{AND}(?:(?:what|how) about )?$")
END = re.compile(r"^(?: [?!])*$")
WAS_SAID = re.compile(rf"\b(?:{SAID}|did|has|have|had|was|been|came|anything|{PIECE}|news?|latest)\b")
HAD_BEEN_SAID = re.compile(rf"\b(?:{SAID}|had)\b")
LOOKING_AHEAD = re.compile(r"\b(?:expect|predict|forecast|bet|hope|fear)")

# What a question begins with, where what it was about is gone

FRAME = re.compile(
    r"^[\s,;:–—-]*(?:(?:and|but|so|then)\b[\s,]*)?(?:(?:whats?|who|anything|something|anyone|anybody|does|do|did|has|have|"
    r"is|are|was|were|been|there|the|any|tell me|show me|give me|else|others?|people|say|said|says|think|thinks)\b"
    r"(?:'s)?[\s,]*)*(?:(?:about|on|of|regarding|concerning|that|over)\b\s*)?",
    re.IGNORECASE,
)
