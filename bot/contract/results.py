"""The JSON that other programs rely on: answers, pages, hits, reports. docs/json.md says it in words.

Plain dictionaries, ready for `json.dumps`; keys are never renamed or dropped within a major version.
"""

import json
import unicodedata
from typing import TYPE_CHECKING, Any

from bot.text import BLANK, HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from corpus import (
        Answer,
        Check,
        Citation,
        Entry,
        Hit,
        Page,
        RefreshReport,
        Related,
        Run,
        Source,
        SourceHealth,
        SourceRead,
        Status,
    )

Json = dict[str, Any]


class _Escapes(dict[int, int | str]):
    """What `str.translate` makes of each character of a JSON text, worked out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        hidden = code > LAST_SHOWN and (unicodedata.category(chr(code)) in UNSEEN or chr(code) in BLANK)
        units = chr(code).encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
        self[code] = "".join(f"\\u{unit}" for unit in units) if hidden else code
        return self[code]


LAST_SHOWN = 0x7E  # of ASCII: what stands before it json.dumps has escaped, apart from the line ends of `indent`
UNSEEN = HIDDEN | {"Zl", "Zp"}
ESCAPES = _Escapes()


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON, in the letters it has; what could steer a terminal, reorder or hide what is read is escaped.

    So are halves of surrogate pairs, which JSON can write and UTF-8 cannot.
    """
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(ESCAPES)


def entry_json(entry: "Entry") -> Json:
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "source": entry.source,
        "tier": entry.tier,
        "kind": entry.kind,
        "people": [{"name": p.name, "role": p.role} for p in entry.people],
        "published": entry.published.isoformat(),
        "access": entry.access,
        "wording": entry.wording,
    }


def related_json(related: "Related") -> Json:
    return {"guides": [entry_json(e) for e in related.guides], "events": [entry_json(e) for e in related.events]}


def answer_json(answer: "Answer") -> Json:
    timings = answer.timings_ms
    return {
        "question": answer.question,
        "covered": answer.covered,
        "confidence": answer.confidence,
        "sentences": [{"text": s.text, "citations": list(s.citations)} for s in answer.sentences],
        "citations": [citation_json(c) for c in answer.citations],
        "related": related_json(answer.related),
        "nearest": [entry_json(e) for e in answer.nearest],
        "timings_ms": {
            "embed": timings.embed,
            "search": timings.search,
            "compose": timings.compose,
            "total": timings.total,
        },
        "generation": answer.generation,
        "understood": answer.understood,
        "notes": list(answer.notes),
        "near": [citation_json(c) for c in answer.near],
        "passing": answer.passing,
    }


def citation_json(citation: "Citation") -> Json:
    return {
        "number": citation.number,
        "entry": entry_json(citation.entry),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "passage": citation.passage,
        "section": citation.section,
    }


def hits_json(question: str, hits: "Sequence[Hit]") -> Json:
    return {
        "question": question,
        "hits": [
            {"entry": h.entry.id, "start": h.start, "end": h.end, "score": round(h.score, 6), "text": h.text}
            for h in hits
        ],
    }


def page_json(page: "Page") -> Json:
    return {
        **record_json(page.entry),
        "related": related_json(page.related),
        "copies": [entry_json(e) for e in page.copies],
    }


def report_json(report: "RefreshReport") -> Json:
    plan = report.plan
    return {
        "dry_run": report.dry_run,
        "new": [e.id for e in plan.new],
        "changed": [e.id for e in plan.changed],
        "unchanged": [e.id for e in plan.unchanged],
        "removed": [e.id for e in plan.removed],
        "rejected": [{"where": r.where, "reason": r.reason} for r in plan.rejected],
        "indexed": report.indexed,
        "committed": report.committed,
        "generation": report.generation,
        "notes": list(report.notes),
        "undone": report.undone,
        "undoes": report.undoes,
        "sources": [_read_json(read) for read in report.sources],
        "duplicates": [{"id": copy.id, "of": copy.of} for copy in plan.duplicates],
        "saved_plan": report.saved_plan,
    }


def _read_json(read: "SourceRead") -> Json:
    return {
        "slug": read.slug,
        "name": read.name,
        "outcome": read.outcome,
        "sentence": read.sentence,
        "items": read.items,
        "new": read.new,
        "changed": read.changed,
        "unchanged": read.unchanged,
        "rejected": read.rejected,
    }


def source_json(source: "Source") -> Json:
    return {
        "slug": source.slug,
        "name": source.name,
        "tier": source.tier,
        "piece": source.piece,
        "home": source.home,
        "address": source.address,
        "feed": source.feed,
        "sitemap": source.sitemap,
        "pattern": source.pattern,
        "pages": list(source.pages),
        "folder": source.folder,
        "every_hours": source.every_hours,
    }


def health_json(health: "SourceHealth", cited: float | None) -> Json:
    """A source with how it does; `cited`: its share of the citations that are kept."""
    state = health.state
    return {
        **source_json(health.source),
        "standing": state.standing,
        "moved_to": state.moved_to,
        "tried": _moment(state.tried),
        "succeeded": _moment(state.succeeded),
        "failed": _moment(state.failed),
        "failure": state.failure,
        "failing_since": _moment(state.failing_since),
        "due": _moment(state.due),
        "entries": health.entries,
        "newest": health.newest.isoformat() if health.newest else None,
        "teasers": health.teasers,
        "duplicates": health.duplicates,
        "cited": None if cited is None else round(cited, 4),
    }


def _moment(moment: "datetime | None") -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def check_json(check: "Check") -> Json:
    return {
        "address": check.address,
        "source": source_json(check.source) if check.source else None,
        "steps": [{"step": s.step, "found": s.found, "fine": s.fine} for s in check.steps],
        "items": [
            {"title": i.title, "url": i.url, "published": i.published, "verdict": i.verdict, "reason": i.reason}
            for i in check.items
        ],
    }


def run_json(run: "Run") -> Json:
    return {
        "run": run.id,
        "finished": run.finished.isoformat(),
        "action": run.action,
        "by": run.by,
        "new": run.new,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "removed": run.removed,
        "rejected": run.rejected,
        "undoes": run.undoes,
        "undone": run.undone,
    }


def record_json(entry: "Entry") -> Json:
    """An entry whole, in the form that is imported."""
    return {
        **entry_json(entry),
        "language": entry.language,
        "licence": entry.licence,
        "summary": entry.summary,
        "text": entry.text,
        "sections": [{"start": s.start, "title": s.title} for s in entry.sections],
    }


def status_json(status: "Status") -> Json:
    return {
        "data_dir": status.data_dir,
        "entries": status.entries,
        "guides": status.guides,
        "events": status.events,
        "sources": list(status.sources),
        "newest": status.newest.isoformat() if status.newest else None,
        "generation": status.generation,
        "generations": list(status.generations),
        "passages": status.passages,
        "model": status.model,
        "behind": status.behind,
        "bytes": status.bytes,
        "notes": list(status.notes),
    }
