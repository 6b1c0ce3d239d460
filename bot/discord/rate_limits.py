"""How often somebody may ask, and what has been answered already: in memory, bounded; the time is passed in."""

from collections import OrderedDict, deque
from collections.abc import Hashable

SERVER_QUESTIONS, SERVER_SECONDS = 120, 60
LOOKS, LOOKS_SECONDS = 30, 60  # of one member who presses and turns pages: no question, yet each asks the library
MOST_KEYS = 10_000
MOST_TURNS = SERVER_QUESTIONS  # of one key that are remembered: the most that any setting counts
MOST_EVENTS = 5_000


class Cooldown:
    """So many turns in so many seconds for each key, over a sliding window; those at rest for longest are forgotten.

    A member's turns count everywhere, and each server has a window of its own: so none of them drops a turn.
    """

    def __init__(self) -> None:
        self._turns: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def wait(self, key: Hashable, turns: int, seconds: float, now: float) -> float:
        """Seconds until this key may take another turn; 0 where it may now. Takes none."""
        taken = self._turns.get(key, ())
        return 0.0 if len(taken) < turns else max(0.0, taken[-turns] + seconds - now)

    def take(self, key: Hashable, now: float) -> None:
        self._turns.setdefault(key, deque(maxlen=MOST_TURNS)).append(now)
        self._turns.move_to_end(key)
        while len(self._turns) > MOST_KEYS:
            self._turns.popitem(last=False)

    def __len__(self) -> int:
        return len(self._turns)


class Seen:
    """Which events have come: Discord may send one again, after a connection was resumed."""

    def __init__(self) -> None:
        self._events: OrderedDict[Hashable, None] = OrderedDict()

    def first_time(self, event: Hashable) -> bool:
        if event in self._events:
            return False
        self._events[event] = None
        if len(self._events) > MOST_EVENTS:
            self._events.popitem(last=False)
        return True
