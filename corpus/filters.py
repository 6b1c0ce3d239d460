"""What a person gives as filters becomes Filters, or is refused with what to write instead."""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import get_args

from corpus.errors import FilterRefused
from corpus.models.entries import Kind
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.query.date_ranges import parse_period

LONGEST_DATE = 60  # characters; enough, too, to recognise a value that is refused


def parse_filters(
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    person: str | None = None,
    kind: str | None = None,
) -> Filters:
    """Return the filters that a person wrote. Raises FilterRefused.

    A day, a month or a year will do, in figures (2026-04) or as the words of a question are read: april is the last
    April that has begun, from the day that it is here.
    """
    first, last = _period("since", since), _period("until", until)
    if first and last and first[0] > last[1]:
        raise FilterRefused(f"Nothing is both since {since} and until {until}; exchange the two.")
    kinds = {name: name for name in get_args(Kind)}
    if kind is not None and kind.strip().casefold() not in kinds:
        raise FilterRefused(f"There is no kind {_shown(kind)}; it is event or guide.")
    return Filters(
        since=first[0] if first else None,
        until=last[1] if last else None,
        source=_given("source", source),
        person=_given("person", person),
        kind=None if kind is None else kinds[kind.strip().casefold()],
    )


def written_filters(filters: Filters) -> dict[str, str]:
    """Return the filters that a person can give, as `parse_filters` reads them again."""
    fields = {
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "source": filters.source,
        "person": filters.person,
        "kind": filters.kind,
    }
    return {name: value for name, value in fields.items() if value}


def resolve_source(filters: Filters, sources: Mapping[str, Source], used: Sequence[str]) -> Filters:
    """The filters with a source's name, or part of it, replaced by its slug. Raises FilterRefused for none."""
    if filters.source is None:
        return filters
    sought = filters.source.casefold()
    names = {slug: sources[slug].name if slug in sources else slug for slug in {*sources, *used}}
    exact = [slug for slug in names if slug.casefold() == sought]
    exact = exact or [slug for slug, name in names.items() if name.casefold() == sought]
    partly = exact or sorted(
        slug for slug, name in names.items() if sought in name.casefold() or sought in slug.casefold()
    )
    if len(partly) != 1:
        listed = ", ".join(sorted(partly or names)[:10]) or "none yet"
        problem = "fits several sources" if partly else "is no source of this corpus"
        raise FilterRefused(f"{_shown(filters.source)} {problem}; the choice is: {listed}.")
    return replace(filters, source=partly[0])


def _given(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    text = " ".join("".join(c for c in value if c.isprintable() or c.isspace()).split())
    if not text or len(text) > 200:  # noqa: PLR2004  as long as a name may be
        raise FilterRefused(f"The filter {name} is empty or too long; give a name, or leave it out.")
    return text


def _period(name: str, value: str | None) -> tuple[date, date] | None:
    """Return the first and the last day of a day, a month, a year, or of what a phrase means."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value.strip(), flags=re.ASCII)
    if match:
        year, month, day = match.groups()
        try:
            last_month = int(month or 12)
            last_day = int(day) if day else calendar.monthrange(int(year), last_month)[1]
            return date(int(year), int(month or 1), int(day or 1)), date(int(year), last_month, last_day)
        except (ValueError, calendar.IllegalMonthError):
            pass
    elif len(value) <= LONGEST_DATE:
        period = parse_period(value, datetime.now().astimezone().date())
        if period and period.first and period.last:
            return period.first, period.last
    raise FilterRefused(
        f"The filter {name} is no date: {_shown(value)}. Write it as 2026-06-01, 2026-06 or 2026, or as june 2026, "
        "april or last month."
    )


def _shown(value: str) -> str:
    text = "".join(c for c in value if c.isprintable())
    return f"“{text[:LONGEST_DATE]}…”" if len(text) > LONGEST_DATE else f"“{text}”"
