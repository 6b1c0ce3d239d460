"""What else to read: entries near the question or near an entry, and never one that is cited. Pure."""

from collections.abc import Collection, Mapping, Sequence

GUIDES, EVENTS, NEAREST = 3, 8, 3
QUESTION = 0.5  # the question's share in the closeness; the rest is the cited entries'


def related_numbers(
    closeness: Sequence[Mapping[int, float]], guides: Collection[int], excluded: Collection[int]
) -> tuple[list[int], list[int]]:
    """The numbers of the nearest guides and of the nearest events, nearest first.

    `closeness`: for the question first (if there is one) and then for each cited entry, the cosine of every entry.
    """
    if not closeness:
        return [], []
    weights = [1.0]
    if len(closeness) > 1:
        weights = [QUESTION, *([(1 - QUESTION) / (len(closeness) - 1)] * (len(closeness) - 1))]
    total = {n: sum(w * c[n] for w, c in zip(weights, closeness, strict=True)) for n in closeness[0]}
    order = sorted((n for n in total if n not in excluded), key=lambda n: (-total[n], n))
    return [n for n in order if n in guides][:GUIDES], [n for n in order if n not in guides][:EVENTS]
