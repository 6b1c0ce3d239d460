"""The library: what was said, where, by whom, and when. It knows nothing of Discord.

>>> from corpus import CorpusSettings, open_corpus
>>> with open_corpus(CorpusSettings()) as corpus:
...     answer = corpus.ask("Will open models catch up?")
"""

from corpus.answer.explain import ExplainedHit, ExplainedSentence, Explanation, Term
from corpus.answer.quote_lookup import quote_hash
from corpus.answer.writers.base import Writer
from corpus.answer.writers.quotes import lead_in, sentence_of
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
    NothingToUndo,
    PlanRefused,
    QuestionRefused,
    QuoteGone,
    RefreshRunning,
    ResourceShort,
    SourceRefused,
    SourceUnknown,
    WriterFailed,
    shortage_of,
)
from corpus.evaluation.calibration import Bin, reliability
from corpus.evaluation.compare import Comparison, Miss, compare, latencies, missed, new_floors
from corpus.evaluation.evaluate import evaluate
from corpus.evaluation.figures import Change, Figure, figures, figures_by_kind
from corpus.evaluation.judged import Evaluation, Judged, Quoted
from corpus.evaluation.other_model import indexed_with
from corpus.evaluation.questions import KnownQuestion, Questions, read_questions
from corpus.evaluation.stubs import Stub, make_stubs
from corpus.filters import parse_filters, written_filters
from corpus.library import Corpus, open_corpus
from corpus.models.answers import Answer, Citation, Context, Counted, Listed, Listing, Page, Related, Sentence, Timings
from corpus.models.entries import Entry, Person, Title
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Filters, Hit
from corpus.models.sources import (
    Check,
    CheckedItem,
    CheckStep,
    ExportedSource,
    Origins,
    Source,
    SourceHealth,
    SourceState,
    TextTaken,
)
from corpus.models.updates import (
    CorpusChange,
    Duplicate,
    Outdated,
    Plan,
    Progress,
    RefreshReport,
    Rejected,
    Run,
    SourceRead,
    Status,
)
from corpus.private import make_data_folder, make_private_folder
from corpus.query.about_answer import read_about_answer
from corpus.query.question import clean_question
from corpus.query.question_kind import classify_question
from corpus.settings import CorpusSettings
from corpus.text.dates import written_day
from corpus.text.json_lines import TOO_LONG, json_value, lines_of

__all__ = [
    "TOO_LONG",
    "Answer",
    "ArchiveDamaged",
    "Bin",
    "Change",
    "Check",
    "CheckStep",
    "CheckedItem",
    "Citation",
    "Comparison",
    "Context",
    "Corpus",
    "CorpusChange",
    "CorpusError",
    "CorpusSettings",
    "Counted",
    "DataUnusable",
    "DiskFull",
    "Duplicate",
    "Entry",
    "EntryUnknown",
    "Evaluation",
    "ExplainedHit",
    "ExplainedSentence",
    "Explanation",
    "ExportedSource",
    "Figure",
    "FileRefused",
    "FilterRefused",
    "Filters",
    "Hit",
    "IndexDamaged",
    "IndexMissing",
    "IndexOutdated",
    "InputRefused",
    "Judged",
    "KnownQuestion",
    "Listed",
    "Listing",
    "Miss",
    "ModelUnusable",
    "NothingToUndo",
    "Origins",
    "Outdated",
    "Page",
    "Person",
    "Plan",
    "PlanRefused",
    "Progress",
    "QuestionKind",
    "QuestionRefused",
    "Questions",
    "QuoteGone",
    "Quoted",
    "RefreshReport",
    "RefreshRunning",
    "Rejected",
    "Related",
    "ResourceShort",
    "Run",
    "Sentence",
    "Source",
    "SourceHealth",
    "SourceRead",
    "SourceRefused",
    "SourceState",
    "SourceUnknown",
    "Status",
    "Stub",
    "Term",
    "TextTaken",
    "Timings",
    "Title",
    "Writer",
    "WriterFailed",
    "classify_question",
    "clean_question",
    "compare",
    "evaluate",
    "figures",
    "figures_by_kind",
    "indexed_with",
    "json_value",
    "latencies",
    "lead_in",
    "lines_of",
    "make_data_folder",
    "make_private_folder",
    "make_stubs",
    "missed",
    "new_floors",
    "open_corpus",
    "parse_filters",
    "quote_hash",
    "read_about_answer",
    "read_questions",
    "reliability",
    "sentence_of",
    "shortage_of",
    "written_day",
    "written_filters",
]
