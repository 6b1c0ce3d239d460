"""What an update is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus.ingest.sources.schedule import Pace
from corpus.settings import CorpusSettings

LONGEST_NAME = 200  # characters


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What a refresh is asked for: see `Corpus.refresh`. `now` in UTC; `shift`: −1 to 1, see `Pace`.

    `save_plan`: the file in which a dry run keeps what it would take in. `takes_sources`: whether the sources that an
    export carries are taken in with its entries.
    """

    paths: Sequence[Path] | None = None
    urls: Sequence[str] = ()
    by: str | None = None
    source: str | None = None
    restore: bool = False
    backfill: bool = False
    due: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    shift: float = 0.0
    save_plan: Path | None = None
    takes_sources: bool = True

    @property
    def yielding(self) -> bool:
        """Whether what is found leaves what says more of its piece: what somebody names by its path does not."""
        return self.paths is None

    @property
    def follows(self) -> bool:
        """Whether sources are read: not where files or pages are named."""
        return self.paths is None and not self.urls

    def pace(self, settings: CorpusSettings) -> Pace:
        """Return when sources are read, as of this request."""
        return Pace(self.now, settings.refresh_hours, self.shift)


def name_of(by: str | None) -> str:
    """Return a name for the record: one line, and no longer than a name is."""
    return " ".join("".join(c if c.isprintable() else " " for c in by or "").split())[:LONGEST_NAME]
