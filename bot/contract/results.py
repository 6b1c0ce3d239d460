"""What the library gives → the JSON of `schema`: answers, pages, hits, reports, sources, as plain dictionaries."""

from collections.abc import Sequence

from bot.contract import schema
from bot.contract.schema import Json, filled, versioned, written
from corpus import Answer, Check, Entry, Hit, Page, RefreshReport, Run, Source, SourceHealth, Status


def entry_json(entry: Entry) -> Json:
    return written(filled(schema.Entry, entry))


def record_json(entry: Entry) -> Json:
    return written(filled(schema.Record, entry))


def page_json(page: Page) -> Json:
    return versioned(filled(schema.Page, page.entry, page))


def answer_json(answer: Answer) -> Json:
    return versioned(filled(schema.Answer, answer))


def hits_json(question: str, hits: Sequence[Hit]) -> Json:
    found = [filled(schema.Hit, hit, entry=hit.entry.id, score=round(hit.score, 6)) for hit in hits]
    return versioned(filled(schema.Hits, question=question, hits=found))


def changes_of(report: RefreshReport) -> schema.Report:
    """Return the report of a change with its entries as ids."""
    plan = report.plan
    titles = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged, "removed": plan.removed}
    ids = {name: [title.id for title in found] for name, found in titles.items()}
    return filled(schema.Report, report, plan, **ids)


def report_json(report: RefreshReport) -> Json:
    return versioned(changes_of(report))


def source_json(source: Source) -> Json:
    return written(filled(schema.Source, source))


def health_json(health: SourceHealth, cited: float | None) -> Json:
    """A source with how it does; `cited`: its share of the citations that are kept."""
    share = None if cited is None else round(cited, 4)
    return written(filled(schema.Health, health.source, health.state, health, cited=share))


def check_json(check: Check) -> Json:
    return versioned(filled(schema.Check, check))


def run_json(run: Run) -> Json:
    return written(filled(schema.Run, run, run=run.id))


def status_json(status: Status) -> Json:
    return versioned(filled(schema.Status, status))
