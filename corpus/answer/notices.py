"""Notes for the reader beside the quotes: what was understood, what of it left nothing, how old all of it is. Pure.

Names are the corpus's own, never the question's words.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.query.date_ranges import months_before
from corpus.query.entities import unique_people
from corpus.text.dates import written_day
from corpus.text.person_name import join_names

OLD = 12  # months
MOST_NAMES = 4
NEWEST_SHOWN = "The question names no subject: of the newest entries, a sentence each."


def describe_filters(filters: Filters, sources: Mapping[str, Source], *, newest: bool = False) -> str:
    """Return what was understood, as a line: since 1 April 2026, Nathan Lambert. "" where nothing was."""
    parts = [
        describe_days(filters),
        _name_people(filters.speakers),
        _name_source(filters, sources),
        f"others than {_name_people(filters.others_than)}" if filters.others_than else "",
        f"{filters.kind}s" if filters.kind else "",
        "newest first" if newest else "",
    ]
    return ", ".join(part for part in parts if part)


def describe_days(filters: Filters) -> str:
    """Return the days that pass: since 1 April 2026; until 31 May 2026; April 2026; 1 March 2026 to 15 May 2026."""
    since, until = filters.since, filters.until
    if since is None or until is None:
        return f"since {written_day(since)}" if since else f"until {written_day(until)}" if until else ""
    if since == until:
        return written_day(since)
    if since.day == 1 and (until + timedelta(1) if until < date.max else until).day == 1:  # whole months
        _, month, year = written_day(since).split()
        if (since.year, since.month) == (until.year, until.month):
            return f"{month} {year}"
        if (since.month, until.month, since.year) == (1, 12, until.year):
            return year
    return f"{written_day(since)} to {written_day(until)}"


def describe_dropped(dropped: Filters, left: Filters, sources: Mapping[str, Source], *, there: bool) -> str:
    """Return what was dropped and why: No entry by Dean W. Ball since 1 November 2026: this is from all entries.

    `there`: whether entries pass the dropped filters, and only do not answer. `left`: the filters in their place.
    """
    without, within = describe_entries(dropped, sources), describe_entries(left, sources)
    return f"No entry{without}{' answers this' if there else ''}: this is from all entries{within}."


def describe_others(understood: Filters, sources: Mapping[str, Source]) -> str:
    """Return that others answer what somebody does not, as a sentence."""
    return f"No entry{describe_entries(understood, sources)} answers this: the nearest are of all entries."


def describe_entries(filters: Filters, sources: Mapping[str, Source]) -> str:
    """Return which entries pass, as the end of a phrase: by Dean W. Ball since 1 November 2026."""
    days = describe_days(filters)
    parts = [
        f"of the kind {filters.kind}" if filters.kind else "",
        f"by or with “{filters.person}”" if filters.person else "",
        f"by {_name_people(filters.speakers)}" if filters.speakers else "",
        f"by others than {_name_people(filters.others_than)}" if filters.others_than else "",
        f"in {_name_source(filters, sources)}" if filters.source else "",
        days if days.startswith(("since", "until")) or not days else f"of {days}",
    ]
    return "".join(f" {part}" for part in parts if part)


def describe_age(published: Iterable[date], today: date, until: date | None = None) -> str:
    """Return a sentence where all of these are older than a year, with the newest of them; else "".

    Not where what was published `until` an earlier day was asked for.
    """
    newest = max(published, default=today)
    if newest >= months_before(today, OLD) or (until and until < today):
        return ""
    months = (today.year - newest.year) * 12 + today.month - newest.month - (today.day < newest.day)
    ago = f"{months} months" if months < 24 else f"{months // 12} years"  # noqa: PLR2004  two years
    return f"The newest entry cited is of {written_day(newest)}, more than {ago} ago."


def _name_people(names: Iterable[str]) -> str:
    return join_names(unique_people(names), MOST_NAMES)


def _name_source(filters: Filters, sources: Mapping[str, Source]) -> str:
    if filters.source is None:
        return ""
    source = sources.get(filters.source)
    return source.name if source else filters.source
