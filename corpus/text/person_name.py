"""Whether a name that is sought is a person's."""


def name_matches(sought: str, name: str) -> bool:
    return sought.casefold() in name.casefold()
