"""Names of people: whether one is sought, and several in a sentence."""

from collections.abc import Sequence


def name_matches(sought: str, name: str) -> bool:
    """Whether a name holds what is sought, in capitals or not."""
    return sought.casefold() in name.casefold()


def join_names(names: Sequence[str], most: int) -> str:
    """Return names as part of a sentence: A, B and C; of more than `most`, the first ones and how many others."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
