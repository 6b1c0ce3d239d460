"""Who speaks, where several entries say the same: a cross-post is no voice of its own. Pure.

`originals` is number of a cross-post → number of its original, of entries that are all here.
"""

from collections.abc import Collection, Mapping, Sequence


def silent(originals: Mapping[int, int], among: Sequence[int] | None = None) -> frozenset[int]:
    """The cross-posts that are left out: those whose original speaks, or another cross-post in its place.

    Where only the entries `among`, newest first, may speak, the oldest cross-post stands in for an original that may
    not.
    """
    if not originals or among is None:
        return frozenset(originals)
    allowed = set(among)
    passing = [copy for copy in originals if copy in allowed]
    standing_in: dict[int, list[int]] = {}
    for copy in passing:
        if originals[copy] not in allowed:
            standing_in.setdefault(originals[copy], []).append(copy)
    speaking = {max(copies, key=among.index) if len(copies) > 1 else copies[0] for copies in standing_in.values()}
    return frozenset(passing) - speaking


def one_voice(numbers: Collection[int], originals: Mapping[int, int]) -> set[int]:
    """These entries, and all that say the same as one of them."""
    voices = {originals.get(number, number) for number in numbers}
    return voices.union(numbers, (copy for copy, original in originals.items() if original in voices))
