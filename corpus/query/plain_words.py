"""A question as it is typed in a chat → its plain words: spelt out, without signs, without chatter around it. Pure."""

import re
from functools import lru_cache

# Chat spelling → the words that it stands for.
SPELT_OUT = {
    **{f"{word}{end}": f"{word} is" for word in "what who how where when why that".split() for end in ("s", "'s")},
    **dict.fromkeys("wat wut waht".split(), "what"),
    **dict.fromkeys("wats wat's".split(), "what is"),
    **dict.fromkeys("thx thnx thanx tnx thks ty tysm tyvm thankyou".split(), "thanks"),
    **dict.fromkeys("pls plz".split(), "please"),
    **dict.fromkeys("i'm im".split(), "i am"),
    **dict.fromkeys("you're youre".split(), "you are"),
    "vs": "versus",
    "ur": "your",
    "u": "you",
    "gimme": "give me",
    "lemme": "let me",
    "wanna": "want to",
    "i'd": "i would",
    "rn": "right now",
    "diff": "difference",
    "tl;dr": "tldr",
    "isnt": "isn't",
    "doesnt": "doesn't",
    "didnt": "didn't",
}
WORD = re.compile(r"https?://\S+|tl;dr|[^\W_]+(?:['’.+/&-][^\W_]+)*(?:['’](?=\s|$))?", re.IGNORECASE)
CLAUSE_END = re.compile(r"[?!…()\n]+|[.,;:](?=\s|$)|\s[-–—]+\s|—")
# Words around a question that say nothing of its subject. Each of them is searched like any other word, and what no
# passage has is missing from each: "why … lol" was refused for its "lol". "Right now" and "then" are none: to take
# them off lost a right answer each on two collections.
NOISE = re.compile(
    r"^(?:(?:ok|okay|so|well|hey+|hi|hello|yo|u[hm]+|h?mm+|btw|lol|please|pls|plz|sorry|folks|guys|seriously|honestly"
    r"|(?:quick|dumb|stupid|silly|random) question|(?:just )?(?:curious|wondering))(?=[\s,.:;!…–—])[\s,.:;!…–—-]+)+"
    r"|(?:[\s,.:;!()…–—-]{1,8}(?:lol|lmao|rofl|haha+|pls|plz|please|thanks|thx|ty|thank you|btw|tbh|imo|imho|tho|bro"
    r"|dude|mate))+(?=[\s.?!…)]*$)",
    re.IGNORECASE,
)
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # heyyy


def any_of(*alternatives: str) -> str:
    """Return a pattern of which one alternative has to fit."""
    return f"(?:{'|'.join(alternatives)})"


# What may stand before the question itself.
OPENING = re.compile(
    any_of(
        "ok|okay|so|well|hey|hi|hello|hiya|yo|um|uh|hm|btw|please|alright|right|sorry|lol|seriously|honestly|actually",
        "anyway|oh|cool|great|guys|folks|everyone|everybody|footnote|(?:just )?(?:curious|wondering|asking)|and|but",
        "(?:a )?(?:quick|dumb|stupid|silly|another|one more|random) (?:one|question)|one more thing",
        r"thanks(?! to\b)|thank you(?! to\b)",
    )
    + "(?: |$)",
    re.IGNORECASE,
)
# What puts a question into another sentence: does anyone know | how long …
EMBEDDING = re.compile(
    any_of(
        "(?:(?:do|does) )?(?:anyone|anybody|someone|somebody|you|we)(?: here)?(?: happen to)? (?:know|remember)",
        "(?:is there )?any idea|i (?:(?:am|was) )?(?:just )?(?:wonder|wondering|curious)|let me know",
        "i (?:want|need|would like|would love) to (?:know|understand|hear)|(?:tell|remind) (?:me|us)",
        "(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody)(?: please)?(?: (?:tell|remind)(?: me| us)?)?",
        "help me (?:understand|find)",
    )
    + " (?=(?:what|who|whose|whom|when|where|why|how|which|if|whether|by|explain|list|show|give|name|summari[sz]e|find"
    r"|compare|define|describe|send|link|help)\b)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    " (?:please|lol|lmao|haha|thanks|thank you|btw|tho|though|right now|anyway|bro|dude|mate|then|footnote)$",
    re.IGNORECASE,
)


def spell_out(text: str) -> str:
    """Return the words of a text with a blank between them, chat spelling spelt out; an address stays whole."""
    words = []
    for match in WORD.finditer(text):
        word = match[0].replace("’", "'")
        short = word if "/" in word else DRAWN_OUT.sub(r"\1", word)
        words.append(SPELT_OUT.get(short.casefold(), short))
    return " ".join(words)


@lru_cache(maxsize=64)  # a question is looked at six times on its way
def split_clauses(question: str) -> tuple[str, ...]:
    """Return the clauses of a question, each spelt out; none is empty."""
    return tuple(filter(None, map(spell_out, CLAUSE_END.split(question))))


def strip_noise(question: str) -> str:
    """Return a question as it is written without the noise around it: "ok so why … lol" → "why …"; never nothing."""
    return NOISE.sub("", question) or question


def strip_chatter(clause: str) -> str:
    """Return a clause without what stands around the question: "ok so does anyone know why … lol" → "why …"."""
    for pattern in (OPENING, EMBEDDING):
        while found := pattern.match(clause):
            clause = clause[found.end() :]
    while found := CLOSING.search(clause):
        clause = clause[: found.start()]
    return clause
