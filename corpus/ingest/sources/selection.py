"""Which of the pieces that a source lists are looked at. Decided from plain data alone.

A feed may list the whole history of a publication, or change every line of itself overnight. So a refresh looks at what
it has not seen, at what the list says something else of, and at the newest first, and never at more than so many.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from corpus.models.items import Item
from corpus.models.sources import SeenItem

MOST = 50  # pieces of a source that one refresh looks at
CHANGES_FOR = timedelta(days=14)  # after its publication a page is asked again now and then: authors mend their pieces
ASKED_AGAIN_AFTER = timedelta(hours=20)

BEYOND_THE_FIRST = f"is not among the {MOST} newest, which a first reading takes; --backfill takes all"
NEXT_TIME = f"comes with the next refresh, which looks at {MOST} pieces of a source at most"

Verdict = Literal["look", "unchanged", "passed over", "left"]


@dataclass(frozen=True, slots=True)
class Look:
    """What becomes of a listed piece, and why, as a clause. `left`: a later refresh looks at it."""

    item: Item
    verdict: Verdict
    reason: str


def choose(
    items: Sequence[Item],
    seen: Mapping[str, SeenItem],
    known: Container[str],
    *,
    first: bool,
    backfill: bool = False,
    anew: Container[str] = (),
) -> list[Look]:
    """Return a verdict for each piece of a list, which has the newest first.

    `known`: the keys of the addresses that the record knows. `first`: the source was never read; then what goes beyond
    the newest MOST is passed over for good, and later it is left for the next time. `backfill` passes nothing over and
    has no bound. `anew`: keys to look at again, whatever is known of them.
    """
    looks: list[Look] = []
    room = len(items) if backfill else MOST
    for place, item in enumerate(items):
        is_known = item.key in known
        if first and place >= MOST and not backfill and not is_known:
            looks.append(Look(item, "passed over", BEYOND_THE_FIRST))
            continue
        look = _look(item, seen.get(item.key), is_known, wished=backfill or item.key in anew)
        if look.verdict == "look":
            room -= 1
            look = look if room >= 0 else Look(item, "left", NEXT_TIME)
        looks.append(look)
    return looks


def _look(item: Item, before: SeenItem | None, is_known: bool, *, wished: bool) -> Look:
    if before is None:
        return Look(item, "look", "is known already" if is_known else "was not seen before")
    if wished:
        return Look(item, "look", "is wished for")
    if before.passed and not is_known:
        return Look(item, "passed over", "was passed over when the source was read first; --backfill takes it")
    if before.fingerprint != item.fingerprint:
        return Look(item, "look", "is listed in other words than before")
    return Look(item, "unchanged", "is listed as before")


def to_ask_again(seen: SeenItem | None, published: datetime, now: datetime) -> bool:
    """Return whether the page of an entry is asked again: read as a page, new enough, and not asked lately."""
    if seen is None or seen.read is None or now - published > CHANGES_FOR:
        return False
    return not timedelta() <= now - seen.read <= ASKED_AGAIN_AFTER  # a clock may once have been ahead
