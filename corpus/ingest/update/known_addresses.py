"""The addresses that the record knows, each normalised once for a whole update."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from corpus.models.updates import Removal
from corpus.storage.record import Record
from corpus.text.canonical_url import page_key


class KnownAddresses:
    """Which entry has, or had, which address. No record knows none.

    The addresses are normalised when the first of them is asked for: files whose entries name their ids need none.
    """

    def __init__(self, record: Record | None) -> None:
        self._addresses = record.history.addresses() if record else []
        self._removals: Sequence[Removal] = record.history.removals() if record else ()

    @cached_property
    def _keys(self) -> Sequence[tuple[str, str]]:
        return [(entry_id, page_key(address)) for entry_id, address in self._addresses if address]

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Id by the key of its address; of two entries with one address, the one that was there first."""
        return {address_key: entry_id for entry_id, address_key in reversed(self._keys)}

    @cached_property
    def removed(self) -> Sequence[tuple[str, Removal]]:
        """The removals of entries that had an address, each with its key."""
        keys = dict(self._keys)
        return [(keys[one.id], one) for one in self._removals if one.url]

    @property
    def taken_ids(self) -> frozenset[str]:
        """The ids that are or were in use."""
        return frozenset(entry_id for entry_id, _ in self._addresses)
