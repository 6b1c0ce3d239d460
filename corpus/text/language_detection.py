"""In which language a text is written, told from the text itself. The one place that knows py3langid."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

CHINESE = frozenset({"zh", "yue", "wuu", "lzh"})
SAMPLES, SAMPLE = 4, 2_000  # characters that are looked at of a long text, from its beginning to its end
SURE = 0.9  # of the probability that a language is named by
SURE_OF_QUESTION = 0.6  # of a few words; none of 768 questions in English reaches it with another language
PLAIN, ENOUGH = 0.99, 200  # the probability, and the characters, that contradict what a page states of itself
# Written so nearly alike that one is taken for the other: none of them contradicts another of its row.
ALIKE = (
    {"da", "nb", "nn", "no", "sv"},
    {"bs", "hr", "sh", "sr", "me"},
    {"id", "jv", "ms", "su"},
    {"cs", "sk"},
    {"es", "gl", "pt", "ca", "an", "ast", "oc"},
    {"af", "nl", "li"},
    {"be", "bg", "mk", "ru", "uk"},
    CHINESE,
    {"hi", "mr", "ne"},
    {"ar", "arz", "fa", "ur"},
    {"de", "als", "bar", "gsw", "lb", "nds"},
    {"el", "grc"},
)


def detect_language(text: str) -> str | None:
    """Return the language of a text as a tag such as en or zh, or None where the text does not tell.

    The same text has the same language on any machine: a naive Bayes model, a file of 4.6 MB, is read in a second,
    once, and takes 77 MB of memory. Of a long text, four stretches are looked at: two milliseconds.
    """
    language, probability = _classify(text)
    return language if probability >= SURE else None


def detect_in_question(question: str) -> str | None:
    """Return the language of a question as a tag, or None where it does not tell: a few words, and names in them.

    Languages that are written nearly alike count together; the likeliest of them is named.
    """
    ranked = _rank(question)
    language = max(ranked, key=lambda tag: ranked[tag])
    alike = {language}.union(*(row for row in ALIKE if language in row))
    return language if sum(ranked.get(tag, 0.0) for tag in alike) >= SURE_OF_QUESTION else None


def settle_language(stated: str | None, text: str) -> str | None:
    """Return the language of a text that is said to be in one: that, unless the text plainly contradicts it.

    Templates say en of whatever they are filled with.
    """
    if stated is None:
        return detect_language(text)
    language, probability = _classify(text)
    base = stated.partition("-")[0].lower()
    plain = probability >= PLAIN and len(text) >= ENOUGH and language != base
    return language if plain and not any({base, language} <= alike for alike in ALIKE) else stated


def _classify(text: str) -> tuple[str, float]:
    step = max(SAMPLE, len(text) // SAMPLES)
    sample = " ".join(text[start : start + SAMPLE] for start in range(0, len(text), step))
    return max(_rank(sample).items(), key=lambda pair: pair[1])


def _rank(text: str) -> dict[str, float]:
    ranked = dict(_identifier().rank(text))
    ranked["zh"] = sum(ranked.pop(name, 0.0) for name in CHINESE)  # in writing they are one
    return ranked


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  a question in English needs it not

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
