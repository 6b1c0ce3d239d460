"""Where the sentences of a text end, by the rules of its language. Pure; the one place that knows sentencex.

sentencex knows the full stops and many abbreviations of some 300 languages. What it takes for an end and is none, in
what people write, is put right here: a sentence cut in two can say what its author denies, while two in one only make
a longer quote. So where it is in doubt, it is no end.
"""

import re
from functools import cache

import sentencex

CONTEXT = 40  # characters on either side of an end that decide on it
CLOSING = re.compile("[」』》）】”»]+")
# Of one name and its relatives, where sentencex knows the name alone.
NAMED = {"nb": "da", "nn": "da", "no": "da", "yue": "zh", "wuu": "zh", "bs": "hr", "sr": "hr"}
# Abbreviations after which a sentence always goes on, and, behind |, those after which it does where a number or what
# numbers a part follows: "See Eq. 3 and App. B." What sentencex has right by itself need not be here.
ABBREVIATIONS = {
    "en": "approx ca cf e.g excl i.e incl resp viz vs | al alg app apps art bk ch chap def eq eqs est ex fig figs lem "
    "no nos nr p para pp prop pt ref refs sec secs sect tab tabs thm thms v ver vol vols",
    "de": "abb abs art bd bzw ca d.h dr einschl evtl exkl ggf hrsg inkl insb i.d.r lt max min mio mrd nr o.g prof rd "
    "s.o sog st tel u.a vgl z.b z.t zzgl zw | anm aufl gl kap kl s tab ziff",
    "fr": "art av c.-à-d cf chap dr env éd ex fig m mlle mme mmes n.b p p.ex pp prof st ste vol | no",
    "es": "aprox art cap d dña dr dra ee fig núm p.ej pág págs prof sr sra srta sres ud uds vol p | n",
    "pt": "aprox art cap d dr dra ex fig núm pág págs p.ex prof profa séc sr sra srta vol p | n",
    "it": "art ca cap cfr dott es fig ing nr pag pagg prof sig sigg vol | n p",
    "nl": "bijv blz ca d.w.z dhr dr fig i.p.v mevr m.b.t nr o.a prof t.o.v vgl | art p",
    "pl": "art dn dr gm hab im inż itp m.in mgr np nr ok os płk prof r rys str św tab tj tys tzn tzw ul wg zob | s",
    "ru": "акад гл гр доц кв млн млрд наб напр обл ок пос проф рис см ср стр табл т.е т.к т.н тыс ул | п с",
    "uk": "акад вул див доц млн млрд напр обл проф р рис стор табл т.зв тис | п с",
    "cs": "č čl dr ing kap mj mil např obr odst popř prof resp str sv tab tj tzn tzv zejm",
    "sk": "č čl dr ing kap mil napr obr ods prof resp str sv tab tj tzn tzv",
    "da": "bl.a ca d.v.s dr evt f.eks fig hhv inkl jf kap kl mia mill mio mrd nr o.a prof tlf vedr",
    "sv": "bl.a ca d.v.s dr f.d fig jfr kap kl m.fl nr o.d prof resp s.k t.ex t.o.m",
    "fi": "esim ent kpl ks n ns nro prof tri ts vrt",
    "hu": "dr ill kb ld pl prof ún vö",
    "tr": "bkz dr doç mad örn prof şek yakl",
}
# A number with a full stop is an ordinal here: "die 1. Fassung", "5. marts", "3. kapitola".
ORDINALS = frozenset("bs cs da de et eu fi fo hr hu is lb lt lv mk nb nn no pl sk sl sr sv tr".split())
# German has capitals inside sentences: of a number before one, these tell that a sentence begins.
GERMAN_BEGINNINGS = re.compile(
    r"(?:aber|als|am|auch|auf|aus|bei|da|dabei|dafür|dagegen|daher|damit|danach|dann|das|dem|den|denn|der|deshalb|die|"
    r"dies\w*|doch|ein\w*|er|es|für|heute|hier|ich|ihr\w*|im|in|ja|jed\w*|jetzt|kein\w*|man|mit|nach|nein|nicht|noch|"
    r"nun|nur|ob|obwohl|ohne|schon|sein\w*|seit|sie|so|sogar|trotz\w*|um|und|unser\w*|viele|vom|von|vor|war|warum|was|"
    r"weil|wenn|wer|wie|wir|wo|zu|zum|zur|zwar)\b",
    re.IGNORECASE,
)
BEFORE_GERMAN_ORDINAL = re.compile(
    r"\b(?:der|die|das|den|dem|des|am|im|zum|zur|vom|beim|ans?|ab|bis|eine?[mnrs]?|jede[mnrs]?|seit|und|oder|"
    r"(?:ih|sei|mei|unse|dei)\w{1,3})\s+\d{1,3}\.$",
    re.IGNORECASE,
)
GERMAN_MONTH = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
NUMBERED_NOUN = re.compile(r"[A-ZÄÖÜ][\w-]*\.? \d{1,2}\.$")  # "siehe Kapitel 3. Dort": no ordinal
NUMBER = re.compile(r"(?<![\w.,])\d{1,2}\.$")
ORDINAL_YEAR = re.compile(r"(?<![\w.,])\d{1,4}\.$")  # before a small letter: "2026. március"
# Of a list within a paragraph: "in two ways: 1. Turn it. 2. Stop it."
INLINE_NUMBER = re.compile(r"[:;]\s+\(?\d{1,2}\.$")
BARE_NUMBER = re.compile(r"\s*\(?\d{1,2}\.[ \t]*")
BEFORE_ROMAN = re.compile(r"(?<![^\W_])(?:[^\W\d_A-Z]|[^\W\d_]{2,5})\.$")  # not "vitamin C. II is …"
ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})\b")  # behind a short word, whatever its language: "séc. XIX"
GOES_ON = frozenset("-‐‑–,;:/%)]}")  # no sentence begins with one of these right behind a full stop: "av. J.-C."
# One letter alone is no word in these scripts: "د. علي".
ALONE = re.compile(r"(?<!\S)[^\W\d_](?:\.[^\W\d_])*\.$")
WITHOUT_CAPITALS = frozenset("ar fa he ps ur".split())
DANDA = "।"
BEFORE_DANDA = re.compile(r"(?<!\S)[^\s.]{1,5}\.$")  # who ends sentences with it abbreviates with a full stop
LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d{1,3}\.$")
REFERENCE = re.compile(r"[(\[]?(?:\d|[A-Z\u0391-\u03a9](?:\.\d|\b(?!['’]))|[ivxIVX]+\b)")
DIGIT = re.compile(r"[(\[]?\d")
# Japanese: a quotation that ends with its full stop, and the particle that takes it up. Not では, でも, もし
# and their like, which begin a sentence.
QUOTED_JAPANESE = re.compile(
    r"(?:と(?!ころ|にかく|はいえ|もかく|りわけ)|って|は(?!い|じめ)|が|を|に(?!もかかわらず)|も(?!し|っと|ちろん|う)|の(?!ち)|で(?!は|も|す|し)|など|や(?!が|は)|"
    r"へ|から|まで(?!に)|なんて|だ(?!が|か|け)|です|でした|である|か)"
)
QUOTED_CHINESE = re.compile(
    r"(?:的|地|之|等|与|和|或|這|这(?:句|种|樣|样)|，|、|。|；|[\u4e00-\u9fff]{0,3}?[说說道问問答]|"
    r"然[后後]|[随隨][后後]|接[着著]|便|就|并|並)"
)
BEGINNING = re.compile(r"[.!?]\s+([^\W\d_])")
MOST_SMALL = 0.6  # of all letters behind a full stop: some stand behind abbreviations
SHORT_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,5}\.$")  # "pct.", "Govt.": no longer word is one of these
PLAIN_WORD = re.compile(r"(?:(?![A-Z\d])\w)++(?!\w|-?\d)")  # in small letters: not iPhone, xAI or o1
LAST_WORD = re.compile(r"(?P<word>[^\W\d_](?:[\w.-]|\. (?=\w\.)){0,12})\.$")
VOWELS = re.compile(r"[aeiouyáéíóúàèìòùâêîôûäöüåæøœąęěůűőýãõıаеёиоуыэюяіїє]", re.IGNORECASE)


def find_sentence_ends(text: str, language: str | None = None) -> list[int]:
    """Return where each sentence of a text ends, with the white space behind it; the last end is that of the text.

    `language`: a BCP 47 tag; None is read as English. sentencex takes quadratic time where quotes never close, so that
    a text of more than some 10,000 characters is given in parts.
    """
    base = (language or "en").partition("-")[0].lower()
    # Who begins sentences with capitals, as nearly all do, has written an abbreviation before a small letter.
    begins = BEGINNING.findall(text)
    in_capitals = sum(letter.islower() for letter in begins) <= MOST_SMALL * len(begins)
    has_danda = DANDA in text
    ends: list[int] = []
    position = kept_until = 0
    for sentence in sentencex.segment(NAMED.get(base, base), text):
        position += len(sentence)
        if position <= kept_until:
            continue
        closing = CLOSING.match(text, position) if position < len(text) and not sentence[-1:].isspace() else None
        end = closing.end() if closing else position
        start = ends[-1] if ends else 0
        is_number = end - start < CONTEXT and BARE_NUMBER.fullmatch(text, start, end)
        goes_on = is_number or _goes_on(text, end, base, in_capitals=in_capitals, has_danda=has_danda)
        if end < len(text) and not goes_on:
            ends.append(end)
        kept_until = end
    return [*ends, len(text)] if text else []


def _goes_on(text: str, end: int, language: str, *, in_capitals: bool, has_danda: bool) -> bool:
    """Whether what stands around a full stop is one sentence.

    `in_capitals`: whether sentences begin with them; `has_danda`: whether they end with one.
    """
    before = text[max(0, end - CONTEXT) : end]
    after = text[end : end + CONTEXT]
    gap = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    before, after = before.rstrip(), after.lstrip()
    if before and after and not gap:
        return (before[-1] == "." and after[0] in GOES_ON) or _quotation_goes_on(before, after)
    if not before or not after or gap.count("\n") > 1 or before[-1] != ".":
        return False
    is_numbered = "\n" not in gap and (LIST_NUMBER.search(before) or INLINE_NUMBER.search(before))
    if is_numbered or (BEFORE_ROMAN.search(before) and ROMAN.match(after)):
        return True
    if before[-2:-1].isdigit():
        return language in ORDINALS and _is_ordinal(before, after, language)
    is_within = in_capitals and after[0].islower() and SHORT_WORD.search(before) and PLAIN_WORD.match(after)
    is_within = is_within or (language in WITHOUT_CAPITALS and ALONE.search(before))
    is_within = is_within or (has_danda and BEFORE_DANDA.search(before))
    return bool(is_within) or _is_abbreviation(before, after, language)


def _quotation_goes_on(before: str, after: str) -> bool:
    """Whether a quotation that ends with its own full stop, with no space behind it, is part of a sentence."""
    if before[-1] not in "」』”’\"'»）)":
        return False
    first = after[0]
    if "\u3040" <= first <= "\u30ff":  # kana
        return bool(QUOTED_JAPANESE.match(after))
    if "\u4e00" <= first <= "\u9fff" or first in "，、。；":
        return bool(QUOTED_CHINESE.match(after))
    return first.isalpha()  # Korean, and what is written with spaces


def _is_ordinal(before: str, after: str, language: str) -> bool:
    if after[0].islower():
        return bool(ORDINAL_YEAR.search(before))
    if language == "tr":
        return bool(NUMBER.search(before) and after[0].isalpha())  # "20. Yüzyılda": no Turkish sentence ends so
    if language not in {"de", "lb"} or not NUMBER.search(before) or not after[0].isalpha():
        return False
    if BEFORE_GERMAN_ORDINAL.search(before) or GERMAN_MONTH.match(after):
        return True
    return not NUMBERED_NOUN.search(before) and not GERMAN_BEGINNINGS.match(after)


def _is_abbreviation(before: str, after: str, language: str) -> bool:
    """Whether a word with a full stop is an abbreviation in the middle of a sentence."""
    last = LAST_WORD.search(before)
    if not last:
        return False
    word = re.sub(r"\s+", "", last["word"]).lower()
    short = word.rpartition(".")[2]
    always, before_numbers = _abbreviations(NAMED.get(language, language))
    if language != "en" and after[0].islower() and (not VOWELS.search(word) or "." in word):
        return True  # of one letter or consonants alone: "z. T. nicht", "tzn. nie"
    if word in always or ("." not in word and short in always):
        return True
    # Of letters that number a part, only behind a capital: "the app. I use it" are two sentences.
    return word in before_numbers and bool((REFERENCE if last["word"][0].isupper() else DIGIT).match(after))


@cache
def _abbreviations(language: str) -> tuple[frozenset[str], frozenset[str]]:
    always, _, before_numbers = ABBREVIATIONS.get(language, "").partition("|")
    return frozenset(always.split()), frozenset(before_numbers.split())
