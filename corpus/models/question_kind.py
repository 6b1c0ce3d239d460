"""The kinds of things that a question can ask for."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """Small talk; a request for the catalogue, or for a piece as a whole; what is asked of the content."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"  # who the bot is
    HELP = "help"  # what it can do, and how it works

    COUNT = "count"  # how many entries, sources or people there are
    ENTRIES = "entries"  # a list of entries
    NEWEST = "newest"  # the newest of them
    SOURCES = "sources"  # what is covered
    PEOPLE = "people"  # who writes
    ENTRY = "entry"  # what the record says of one entry: its address, who wrote it, and when

    SUMMARY = "summary"  # what a piece says as a whole

    DEFINITION = "definition"
    FIGURE = "figure"
    WHO = "who"
    OUTCOME = "outcome"  # what became of something: a bet, a plan
    WHEN = "when"
    WHY_HOW = "why_how"
    LIST = "list"
    COMPARISON = "comparison"
    YES_NO = "yes_no"
    OPINION = "opinion"
    OTHER = "other"

    @property
    def is_talk(self) -> bool:
        return self in _TALK

    @property
    def is_catalogue(self) -> bool:
        return self in _CATALOGUE

    @property
    def is_content(self) -> bool:
        return not (self.is_talk or self.is_catalogue or self is QuestionKind.SUMMARY)


_TALK = frozenset(map(QuestionKind, "greeting thanks goodbye identity help".split()))
_CATALOGUE = frozenset(map(QuestionKind, "count entries newest sources people entry".split()))
