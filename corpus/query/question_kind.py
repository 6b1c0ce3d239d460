"""What kind of thing a question asks for, known from its words before anything is searched. Pure.

Understood in English alone, by the words that a question begins with behind any chatter ("ok so", "does anyone know");
what is not understood is `OTHER`. That the catalogue or a piece is asked for is seen by the form of the question.
Whether the corpus has what it names is not known here: where it has not, `classify_content` says what is asked.
"""

import re
from functools import lru_cache

from corpus.models.question_kind import QuestionKind as Kind
from corpus.query.plain_words import any_of, split_clauses, strip_chatter
from corpus.query.request_forms import find_request
from corpus.query.small_talk import find_talk

AUX = any_of(
    "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must|am",
    "(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should)n't",
)
DOES = "(?:do|does|did|would|will|has|have|is|are|was|were)"
# What has a figure.
MEASURE = any_of(
    "shares?|percentages?|percent|proportion|fraction|numbers?|amounts?|prices?|costs?|fees?|rates?|scores?|rating|size",
    "accuracy|error|values?|total|charges?|loss|losses|profits?|gains?",
    "length|duration|period|budget|revenue|salary|income|valuation|ratio|speed|latency|gap|lead|lag|age|weight|height",
    "distance|population|limit|minimum|maximum|average|median|probability|likelihood|odds|throughput|headcount|elo",
)
BEFORE_MEASURE = rf"(?:(?!{AUX}\b|(?:an?|of|makes?|causes?)\b)\S+ ){{0,3}}?"
THINK = any_of(
    "think|thinks|thought|feel|feels|felt|believe|believes|believed|likes?|prefers?|recommends?|recommended|buy|reckons?",
    "want|wants|expects?|predicts?|agrees?|disagrees?|favou?rs?|supports?|opposes?|hates?|worr(?:y|ies|ied)|endorses?",
    "trusts?|make of|stand on|say (?:about|on|to|of)",
)
SAY = "(?:says?|said|argues?|argued|claims?|claimed|predicted|(?:wrote|writes) (?:about|on|that))"
VIEW = "(?:takes?|views?|opinions?|stance|position|thoughts?|verdict|judge?ment|criticism|critique|advice)"
WHICH_PEOPLE = any_of(
    "person|people|company|companies|firms?|labs?|authors?|researchers?|teams?|organi[sz]ations?|country|countries",
    "scientists?|engineers?|founders?|vendors?",
)
# No term stands before or behind these: "what is best", "what is the idea of".
NO_TERM = any_of(
    "it|so|the|best|most|new|latest|your|my|going|wrong|happening|next|left|up|good|bad|better|of|for|to|that|with|behind",
    r"about|doing|from|on|by|at|saying|\S+'s|\S+s'",
)
TERM = rf"(?: an?| the| this| these)?(?: (?!{NO_TERM}(?: |$))\S+){{1,4}}?(?: in(?: \S+){{1,3}})?$"
PLURAL = rf"(?!(?:is|was|does|has|this|gets)\b)[\w-]+[^\Ws]s(?:$| (?:of|in|for|from|to|that|with|{AUX})\b)"
# Of these the first that a clause begins with says what it asks for.
BEGINNINGS = {
    Kind.COMPARISON: (
        r"how (?:has|have|did|do|does) .{1,120}\b(?:changed?|evolved?|differ|compare[sd]?)\b",
        r"how (?:is|are) .{1,80} different from\b",
        r"(?:has|have|did) .{1,120}\bchanged?\b|what (?:has )?changed\b|where (?:do|does) .{1,80}\bdiffer\b",
        rf"{DOES} .{{1,80}}\band\b.{{1,40}}\b(?:agree|disagree|differ)\b|do .{{1,80}} agree on\b",
        r"which (?:one |of (?:the two|them|these) ).{1,60}\bbetter\b|(?:is|are) .{1,60}\bor\b.{1,60}\bbetter\b",
        r"same\b.{1,40}\bor different\b",
    ),
    Kind.OUTCOME: (
        rf"(?:how )?{DOES} .{{1,100}}\b(?:come true|turn(?:ed)? out|pan(?:ned)? out|h[eo]ld up|aged? (?:well|badly))\b",
        rf"{DOES} .{{1,100}}\bprove[dn]? (?:right|wrong|correct|true|false)\b",
        r"w(?:as|ere) .{1,60} (?:right|wrong|correct)(?: about\b|$)",
    ),
    Kind.OPINION: (
        rf"who(?: else)?(?: {DOES})? (?:{THINK}|{SAY})\b",
        rf"(?:(?:what|where) )?{DOES} .{{1,40}}\b{THINK}\b|(?:what|where) (?:is|are|was|were) .{{1,60}}\b{VIEW}\b",
        rf"how {DOES} .{{1,80}}\b(?:think|feel|see|view|regard)\b",
        r"should (?:i|we|you|one|people)\b|is it (?:worth|better|wise|ok|okay)\b",
        rf"(?:any|your) {VIEW}\b|{VIEW} (?:on|about)\b",
        r"(?:is|are) .{1,80}\b(?:good or bad|worth|worried|overrated)\b|(?:would|is|are) .{1,60} ok(?:ay)? with\b",
        r"(?:what|which) (?:is|was) the (?:best|worst|most)\b|(?:the )?best\b",
        r"how (?:good|bad|well|useful|important|serious)\b",
    ),
    Kind.FIGURE: (
        r"(?:(?:for|by|to|in|after|within|at|of) )?how (?:many|much|often|far|long(?! ago)|big)\b",
        r"how (?:frequently|large|small|tall|heavy|old|fast|quick|quickly|slow|expensive|cheap|costly|high|low|deep)\b",
        rf"(?:(?:at|by|for|to) )?(?:what|which) (?:is |are |was |were )?{BEFORE_MEASURE}{MEASURE}\b",
        r"what (?:do|does|did|would|will) .{1,80}\bcosts?\b|what .{1,60}\bpay\b",
    ),
    Kind.WHEN: (
        rf"(?:(?:until|since|till|by|from) )?when (?:and\b|{AUX}\b)|since when\b|how (?:soon|recently|long ago)\b",
        r"(?:(?:in|by|on|since|until|from|at) )?(?:what|which) (?:year|month|day|date|week|decade|quarter|time)\b",
        r"what (?:is|was) the (?:\w+ )?(?:date|deadline|day|year)\b",
    ),
    Kind.DEFINITION: (
        r"what (?:does|do|did) .{1,100} (?:mean|stand for|refer to)$|what is meant\b",
        r"what (?:do|does|did) \w+ (?:mean|call)\b|is there a (?:name|word|term) for\b",
        r"(?:define|definition of|meaning of|what is the (?:meaning|definition) of)\b",
        f"what(?: exactly)? (?:is|are|was|were)(?: exactly)?{TERM}",
        r"what is (?:it called|that$|it$)|what (?:\S+ ){1,4}(?:is|are|means?)$",
    ),
    Kind.WHO: (
        r"(?:(?:by|with|to|from|for|of|against|thanks to) )?(?:whom|whose)\b|who\b",
        rf"(?:(?:by|in|at|from) )?(?:what|which) (?:of the )?(?:\w+ )?{WHICH_PEOPLE}\b",
    ),
    Kind.WHY_HOW: (
        rf"why\b|how come\b|how (?:to\b|exactly\b|else\b|{AUX}\b)|for what reason\b|explain (?:how|why)\b",
        r"what (?:\w+ )?(?:causes?|caused|makes?|made|explains|led to) |in (?:what|which) way\b|reasons? (?:for|why)\b",
        r"what is (?:so|the (?:reason|cause|point|purpose|benefit|harm|trick|way))\b|(?:any|what) (?:trick|way)s?\b",
    ),
    Kind.LIST: (
        r"(?:list|name|enumerate|give (?:me )?(?:\w+ )?(?:examples|reasons|ways))\b|what (?:are|were)\b",
        r"(?:advantages|disadvantages|pros and cons|benefits|drawbacks|examples|types|kinds|risks) of\b",
        rf"(?:(?:through|in|for|with|by|of|on) )?(?:which|what) (?:(?!{AUX}\b)\w+ ){{0,2}}?{PLURAL}",
    ),
    Kind.YES_NO: (rf"(?:whether|{AUX})\b",),
}
_BEGINNINGS = {kind: re.compile(any_of(*forms), re.IGNORECASE) for kind, forms in BEGINNINGS.items()}
COUNTED = re.compile(r"\bhow many (?!of\b)([\w-]+(?: [\w-]+)?)", re.IGNORECASE)
COMPARING = re.compile(
    r"\b(?:versus|compare|comparison (?:of|between)|differences? between|the difference)\b", re.IGNORECASE
)
LONGEST_TERM = 3  # words that are asked for without a question
LATIN_ENDS = "\u0370"  # other scripts may write words without blanks


@lru_cache(maxsize=64)  # asked at the door, and then by the library
def classify_question(question: str) -> Kind:
    """Return what kind of thing a question asks for, by its form."""
    if talk := find_talk(split_clauses(question)):
        return talk
    request = find_request(question)
    return request.kind if request else classify_content(question)


def find_counted(question: str) -> str:
    """Return what "how many" counts, in two words at the most: "GPU hours"; "" where nothing is.

    Of "how many of them" the answer may be a number by itself.
    """
    counted = COUNTED.search(question)
    return counted[1] if counted else ""


@lru_cache(maxsize=64)
def classify_content(question: str) -> Kind:
    """Return what a question asks of the content of the corpus; a term by itself asks for its definition."""
    clauses = [strip_chatter(clause) for clause in split_clauses(question) if not find_talk([clause])]
    asked = [clause for clause in clauses if clause]
    found = next((kind for clause in asked for kind, form in _BEGINNINGS.items() if form.match(clause)), None)
    if found not in (Kind.FIGURE, Kind.WHEN, Kind.WHO) and COMPARING.search(" ".join(asked)):
        return Kind.COMPARISON
    if found or not asked:
        return found or Kind.OTHER
    if asked[-1].startswith("if "):  # does anyone know if …
        return Kind.YES_NO
    is_term = len(asked) == 1 and len(asked[0].split()) <= LONGEST_TERM and max(asked[0]) < LATIN_ENDS
    return Kind.DEFINITION if is_term else Kind.OTHER
