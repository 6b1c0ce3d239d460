"""The JSON that other programs rely on: answers, pages, hits, reports. docs/json.md says it in words.

Plain dictionaries, ready for `json.dumps`; keys are never renamed or dropped within a major version.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus import Answer, Entry, Hit, Page, RefreshReport, Related, Run, Status

Json = dict[str, Any]


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
        "citations": [
            {
                "number": c.number,
                "entry": entry_json(c.entry),
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
                "passage": c.passage,
            }
            for c in answer.citations
        ],
        "related": related_json(answer.related),
        "nearest": [entry_json(e) for e in answer.nearest],
        "timings_ms": {
            "embed": timings.embed,
            "search": timings.search,
            "compose": timings.compose,
            "total": timings.total,
        },
        "generation": answer.generation,
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
    return {**entry_json(entry), "summary": entry.summary, "text": entry.text}


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
