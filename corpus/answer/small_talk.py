"""What the bot says to small talk: a line, or a short help with questions that can be asked. Pure."""

from collections.abc import Sequence

from corpus.models.answers import Listing
from corpus.models.entries import Title
from corpus.models.question_kind import QuestionKind as Kind

LONGEST_TITLE = 80  # characters of a title in an example
LINES = {
    Kind.GREETING: "Hello! Ask me what the corpus says on a subject: I answer in quotes, with who said it and when.",
    Kind.THANKS: "You are welcome.",
    Kind.GOODBYE: "Goodbye. Until the next question.",
    Kind.IDENTITY: (
        "I am a bot that answers from a corpus of commentary: in exact quotes that you can check, with who said it, "
        "where and when. I never say that something is so, and where the corpus is silent, I say that."
    ),
    Kind.HELP: (
        "Ask in a sentence, as you would ask a person: I answer in exact quotes from the corpus. You can also ask what "
        "there is (“what's new”, “list all since April”, “which sources do you have”), or for a piece as a whole "
        "(“tl;dr of …”)."
    ),
}


def answer_talk(kind: Kind, titles: Sequence[Title], people: Sequence[str]) -> Listing:
    """Return what is said to small talk of this kind. `titles`: of all entries, newest first; `people`: most first."""
    examples = _example_questions(titles, people) if kind in (Kind.HELP, Kind.IDENTITY, Kind.GREETING) else ()
    return Listing(LINES[kind], examples=examples[:1] if kind is Kind.GREETING else examples)


def _example_questions(titles: Sequence[Title], people: Sequence[str]) -> tuple[str, ...]:
    """Return two questions that the corpus answers: about its newest piece, and by whom it has most."""
    named = next((title.title for title in titles if len(title.title) <= LONGEST_TITLE), None)
    about = () if named is None else (named if named.endswith("?") else f"What is “{named}” about?",)
    return (*about, *(f"What has {name} published?" for name in people[:1]))
