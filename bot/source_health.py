"""How sources do, in the numbers and words that all faces share. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from corpus import SourceState, Title


def shares_of(cited: Mapping[str, int], titles: Iterable[Title]) -> dict[str, float]:
    """Slug → share of the citations of entries that are there; empty where there is none."""
    times: dict[str, int] = {}
    for title in titles:
        times[title.source] = times.get(title.source, 0) + cited.get(title.id, 0)
    total = sum(times.values())
    return {slug: count / total for slug, count in times.items()} if total else {}


def share_in_words(shares: Mapping[str, float], slug: str) -> str:
    if not shares:
        return "–"
    share = shares.get(slug, 0.0)
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"  # noqa: PLR2004  0% would say that it is never cited


def is_failing(state: SourceState) -> bool:
    return state.standing == "followed" and state.failing_since is not None


def ago(moment: datetime, now: datetime, before: str = "") -> str:
    """How long ago, or of what is longer ago than 99 days, the day."""
    past = now - moment
    if past < timedelta(minutes=1):
        return f"{before}just now"
    return moment.date().isoformat() if past.days > 99 else f"{before}{span(past)} ago"  # noqa: PLR2004


def span(length: timedelta) -> str:
    """A length of time in its greatest unit: 12 min, 3 h, 5 d."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:  # noqa: PLR2004  an hour
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(minutes / 1440)} d"  # noqa: PLR2004  two days
