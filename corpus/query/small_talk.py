"""Small talk: what is said to the bot, and asks nothing of the corpus. Pure.

A clause is small talk where all of it is: "thanks" is, and "thanks to whom did they catch up" is not; "help" is, and
"help with distillation" is not.
"""

import re
from collections.abc import Sequence

from corpus.models.question_kind import QuestionKind as Kind
from corpus.query.plain_words import any_of

TO_WHOM = "(?: (?:there|all|everyone|everybody|folks|guys|bot|footnote|friend|again|team|buddy|man|mate|dude|people))*"
WHAT_IT_MAY_BE = any_of(
    "bot|human|real(?: person| human)?|ai|llm|chatgpt|gpt|claude|person|robot|machine|model|language model|chatbot",
    "program|someone",
)
THANK = (
    r"(?:thanks|thank you|cheers|merci|danke|gracias|much appreciated|i appreciate it)"
    r"(?: (?:a lot|a ton|so much|very much|for (?:that|this|it|the|your|all)(?: \w+)?))?"
)
HELLO = "(?:hi|hello|hey|heya|hiya|yo|howdy|greetings|hallo|hola|bonjour|salut|sup|wassup|gm)"
BYE = "(?:bye|bye bye|goodbye|good night|gn|see you|see ya|cya|ttyl|laters?|ciao|farewell|take care)"
BOT = "(?:you|i|we|this|this bot|the bot|this thing|footnote)"
# Where several are said at once ("hi! who are you?"), the first of these is answered.
FORMS = {
    Kind.HELP: (
        "(?:(?:i need|get|need|some) )?help(?: me)?(?: please| menu| page| commands?)?|commands|usage|instructions",
        "(?:can|could|will) you help(?: me| us)?(?: out)?(?: with (?:something|a question))?|what do you do(?: here)?",
        f"what (?:can|could) {BOT} (?:do|ask)(?: (?:for (?:me|us)|here|you|with (?:you|this bot)))?",
        "what are (?:you (?:good )?for|you able to do|your (?:commands|features|capabilities))",
        f"how (?:do|does|can|should) {BOT} (?:work|function|talk to you|get started)",
        f"how (?:do|can|should) {BOT} (?:use {BOT}|ask(?: you)?(?: (?:a |my )?questions?)?)|how to use {BOT}",
        "(?:show|list)(?: me)?(?: the| your| all)* commands|what should i ask(?: you)?",
        "what (?:(?:kinds?|sorts?) of )?(?:questions?|things?|stuff) can (?:i|we) ask(?: you)?",
    ),
    Kind.IDENTITY: (
        "(?:who|what)(?: exactly)? (?:are|r) you(?: exactly)?|who am i (?:talking|speaking|chatting) (?:to|with)",
        rf"(?:are|r) you (?:(?:an|a|the|just) )*{WHAT_IT_MAY_BE}(?: or (?:an? )?(?:real )?\w+)?",
        "what is your (?:name|purpose|job|role)|do you have a name",
        "who (?:made|built|created|runs|programmed|wrote|owns|trained) you",
        "(?:what|who) is (?:this bot|footnote|this thing)|(?:introduce|describe|tell me about) yourself",
        "what (?:kind|sort) of (?:bot|thing) are you|what (?:model|llm|ai) (?:are you|do you use)",
    ),
    Kind.GOODBYE: (
        f"(?:(?:ok|okay|k|well|thanks|thank you) )*{BYE}{TO_WHOM}",
        "have a (?:nice|good|great) (?:day|evening|night|weekend|one)|(?:see|talk to) you (?:later|soon|tomorrow)",
    ),
    Kind.THANKS: (
        f"(?:(?:ok|okay|great|nice|perfect|cool|awesome|wow|many) )*{THANK}{TO_WHOM}",
        "good bot|got it|well done|makes sense|(?:thanks )?that (?:helps|helped)|ok|okay|k|lol|haha|wow|alright",
        "(?:very )?(?:nice|great|good|awesome|cool|perfect|amazing|excellent)(?: (?:one|work|job|answer))?",
    ),
    Kind.GREETING: (
        f"{HELLO}(?: {HELLO}){{0,2}}{TO_WHOM}|is any(?:one|body) (?:there|here|home)",
        f"good (?:morning|afternoon|evening|day){TO_WHOM}",
        f"(?:{HELLO} )?(?:how are you(?: doing)?(?: today)?|how is it going|what is up){TO_WHOM}",
        "test|testing|ping|are you (?:there|here|awake|alive|ok|online|working)",
    ),
}
PATTERNS = {kind: re.compile(any_of(*forms), re.IGNORECASE) for kind, forms in FORMS.items()}


def find_talk(clauses: Sequence[str]) -> Kind | None:
    """Return which small talk these clauses of a question are, where all of them are some; else None."""
    found = {next((kind for kind, form in PATTERNS.items() if form.fullmatch(clause)), None) for clause in clauses}
    return None if None in found else next((kind for kind in PATTERNS if kind in found), None)
