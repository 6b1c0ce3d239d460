"""Why something that was read gives no entry: an outcome for the report, and no error that a person meets."""


class NotAnEntry(Exception):
    """The reason why something is not an entry, as a clause that fits behind its name or address."""


class NotReadNow(NotAnEntry):
    """The same of what could not be read just now: another time it may."""


class LeftOut(NotAnEntry):
    """Why something is left out on purpose: nothing is wrong with it, and nobody has to do anything."""
