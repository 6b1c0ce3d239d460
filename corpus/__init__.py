"""The library: what was said, where, by whom, and when. It knows nothing of Discord.

>>> from corpus import CorpusSettings, open_corpus
>>> with open_corpus(CorpusSettings()) as corpus:
...     answer = corpus.ask("Will open models catch up?")
"""

from corpus.answer.compose import lead_in, written_day
from corpus.answer.context import quote_hash
from corpus.answer.question import clean_question, follow_up, parse_filters
from corpus.errors import (
    ArchiveDamaged,
    CorpusError,
    DataUnusable,
    DiskFull,
    EntryUnknown,
    FileRefused,
    FilterRefused,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    InputRefused,
    ModelUnusable,
    QuestionRefused,
    QuoteGone,
    RefreshRunning,
)
from corpus.explain import ExplainedHit, ExplainedSentence, Explanation, Term
from corpus.library import Corpus, open_corpus
from corpus.models import (
    Answer,
    Citation,
    Context,
    Entry,
    Filters,
    Hit,
    Listed,
    Page,
    Person,
    Plan,
    Progress,
    RefreshReport,
    Rejected,
    Related,
    Sentence,
    Source,
    Status,
    Timings,
    Title,
)
from corpus.settings import CorpusSettings

__all__ = [
    "Answer",
    "ArchiveDamaged",
    "Citation",
    "Context",
    "Corpus",
    "CorpusError",
    "CorpusSettings",
    "DataUnusable",
    "DiskFull",
    "Entry",
    "EntryUnknown",
    "ExplainedHit",
    "ExplainedSentence",
    "Explanation",
    "FileRefused",
    "FilterRefused",
    "Filters",
    "Hit",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "InputRefused",
    "Listed",
    "ModelUnusable",
    "Page",
    "Person",
    "Plan",
    "Progress",
    "QuestionRefused",
    "QuoteGone",
    "RefreshReport",
    "RefreshRunning",
    "Rejected",
    "Related",
    "Sentence",
    "Source",
    "Status",
    "Term",
    "Timings",
    "Title",
    "clean_question",
    "follow_up",
    "lead_in",
    "open_corpus",
    "parse_filters",
    "quote_hash",
    "written_day",
]
