"""Sources in every state that people can meet them in, a report of reading them, and a check: for the faces."""

from datetime import UTC, date, datetime, timedelta

from build import title

from corpus import (
    Check,
    CheckedItem,
    CheckStep,
    Duplicate,
    Origins,
    Plan,
    RefreshReport,
    Rejected,
    Source,
    SourceHealth,
    SourceRead,
    SourceState,
    TextTaken,
)

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
HOSTILE = "Ada \x1b[31m@everyone [gift](https://evil.example) \u202e**x**"
BUSY = "answers with 503 (Service Unavailable)"


def before(**ago):
    return NOW - timedelta(**ago)


def health(slug, name, entries=0, newest=None, teasers=0, duplicates=0, state=None, **more):
    source = Source(slug, name, 2, **{"feed": f"https://{slug}.example/feed", **more})
    return SourceHealth(source, state or SourceState(slug), entries, newest, teasers, duplicates)


def state(slug, standing="followed", **more):
    return SourceState(slug, standing, **more)


def sources():
    """One of each kind, by name."""
    due = NOW + timedelta(hours=3)
    return [
        health("never", "A fresh one"),
        health(
            "closed",
            "Closed",
            4,
            date(2025, 1, 2),
            state=state("closed", "closed", failure="says that it has ended (410)", succeeded=before(days=200)),
        ),
        health(
            "failing",
            "Hugging Face Blog",
            50,
            date(2026, 4, 21),
            0,
            2,
            state(
                "failing",
                succeeded=before(days=5, hours=2),
                failed=before(minutes=40),
                failing_since=before(days=5),
                failure=BUSY,
                due=due,
            ),
        ),
        health(
            "well", "Interconnects", 1021, date(2026, 6, 1), 113, 11, state("well", succeeded=before(hours=2), due=due)
        ),
        health(
            "paused",
            "Paused for a while",
            7,
            date(2026, 1, 9),
            1,
            state=state("paused", "paused", succeeded=before(days=30)),
        ),
        health("removed", "Removed", 3, date(2026, 3, 3), state=state("removed", "removed", succeeded=before(days=9))),
        health(
            "hostile",
            HOSTILE * 2,
            1,
            date(2026, 2, 3),
            state=state(
                "hostile",
                failing_since=before(minutes=5),
                failure=f"answers {HOSTILE}",
                moved_to="https://elsewhere.example/feed",
            ),
        ),
        health(
            "pages",
            "Three pages of the web",
            3,
            date(2026, 2, 3),
            state=state("pages", succeeded=before(seconds=20)),
            feed=None,
            pages=("https://a.example/1", "https://a.example/2"),
        ),
    ]


SHARES = {"well": 0.62, "failing": 0.374, "closed": 0.006}


def report(**changes):
    """Of a refresh that read sources: a cross-post, a page that was refused, a source that failed."""
    new = (
        title(id="catch-up", title="Open models in perpetual catch-up"),
        title(id="catch-up-copy", title="Open Models in Perpetual Catch-Up"),
    )
    fields = {
        "plan": Plan(
            new=new,
            changed=(title(id="gap", title=HOSTILE),),
            unchanged=(title(id="bets"),),
            rejected=(Rejected("https://well.example/p/empty", "holds no text of its own"),),
            duplicates=(Duplicate("catch-up-copy", "catch-up"),),
        ),
        "dry_run": False,
        "generation": 8,
        "committed": True,
        "indexed": 3,
        "notes": ("Hugging Face Blog has failed for 5 days: it answers with 503 (Service Unavailable).",),
        "sources": (
            SourceRead("well", "Interconnects", "read", "20 pieces are listed", 20, 2, 1, 16, 1),
            SourceRead("failing", "Hugging Face Blog", "failed", f"{BUSY}; it is tried again in 3 hours"),
            SourceRead("quiet", "Import AI", "unchanged", "nothing has changed since 23 November", 20, 0, 0, 20),
            SourceRead("hostile", HOSTILE, "closed", f"says that it has ended (410) {HOSTILE}"),
        ),
    }
    return RefreshReport(**{**fields, **changes})


def check():
    steps = (
        CheckStep("robots.txt", "allows it"),
        CheckStep("fetch", "https://well.example/feed answers 200, 48 kB of application/rss+xml"),
        CheckStep("feed", "RSS, 814 pieces, the newest of 1 June 2026"),
        CheckStep("page", "https://well.example/p/x answers with 404 (Not Found)", fine=False),
    )
    url = "https://well.example/p/"
    items = (
        CheckedItem(
            "Open models in perpetual catch-up",
            f"{url}catch-up",
            "2026-06-01",
            "new",
            people=("Ada Quill",),
            origins=Origins("feed", "JSON-LD author", f"byline {HOSTILE}"),
            text=TextTaken(0.62, {f"navigation {HOSTILE}": 1200, "withdrawn": 5}),
        ),
        CheckedItem(HOSTILE, f"{url}gap", "2026-05-01", "changed", "its title has changed"),
        CheckedItem("", f"{url}empty", "", "rejected", "holds no text of its own"),
        CheckedItem("Bets", f"{url}bets", "2026-04-01", "unchanged"),
        *(
            CheckedItem(f"Piece {n}", f"{url}{n}", "2025-01-01", "passed over", "older than the 50 newest")
            for n in range(764)
        ),
    )
    return Check("https://well.example/feed", Source("well", "Interconnects", 2, feed=f"{url}feed"), steps, items)
