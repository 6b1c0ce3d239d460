"""Who may do what, and where: the table that test_permissions.py holds the bot to.

    python tests/support/permission_table.py    # prints it as Markdown

Its sentences are written out, as a person reads them: what is allowed is whatever is not refused with one of them.
"""

from dataclasses import dataclass

ALLOWED = "allowed"
NOT_STAFF = "Only members who may manage this server can do this."
NO_SETTINGS = "Only members who may manage this server can change its settings."
ELSEWHERE = "The corpus is kept by the moderators of other servers, which the bot's maintainer has named."
CONNECTING = "The bot is still connecting, and does not know yet which servers it is in. Try again in a minute."
NO_MEMBER = "This server has the commands alone, without the bot as a member: the corpus is not in its hands."
NOT_NAMED = (
    "The bot is in several servers, and they share its corpus: its maintainer must name those whose moderators may "
    "change it, in FOOTNOTE_DISCORD_SERVERS."
)
NOT_KEPT = "This answer is no longer kept. Ask again with /ask."
NO_THREAD = "A thread can only be opened in a server."
NOT_YOURS = "Only who asked, or who may manage messages here, can delete an answer."
NOT_YOUR_WORK = "Only who started this work, or who may manage the server where that was, can cancel it."
OF_THE_RIGHT = (NOT_STAFF, NO_SETTINGS, ELSEWHERE, CONNECTING, NO_MEMBER, NOT_NAMED)
REFUSALS = (*OF_THE_RIGHT, NOT_KEPT, NO_THREAD, NOT_YOURS, NOT_YOUR_WORK)

WHO = ("member", "moderator", "administrator", "app owner")  # the owner of the app is a plain member of each server
MANAGERS = {"moderator", "administrator"}


@dataclass(frozen=True)
class Place:
    """Where somebody acts. `world`: the servers around; `manageable`: whether Discord gives anybody a right there.

    `refusal`: why its managers may not change the corpus; None where they may.
    """

    world: str
    name: str
    refusal: str | None = None
    manageable: bool = True


PLACES = (
    Place("servers are named", "the named server"),
    Place("servers are named", "another server with the bot", ELSEWHERE),
    Place("servers are named", "a server with the commands alone", ELSEWHERE),
    Place("servers are named", "a direct message", manageable=False),
    Place("servers are named", "the named server, by an app of one's own", manageable=False),
    Place("servers are named", "a server without the app, by an app of one's own", manageable=False),
    Place("one server, on the second of two shards", "the only server"),
    Place("one server, on the second of two shards", "a server with the commands alone", NO_MEMBER),
    Place("two servers, each on its shard", "one of the two", NOT_NAMED),
    Place("two servers, one of them unavailable", "the available one", NOT_NAMED),
    Place("two servers, one of them unavailable", "the unavailable one", NOT_NAMED),
    Place("one of two shards has not told its servers", "a server of the other", CONNECTING),
    Place("one of two shards has not told its servers", "a server with the commands alone", CONNECTING),
)
WORLDS = tuple(dict.fromkeys(place.world for place in PLACES))

# What each needs: "nothing", "managing" the server, managing "settings", or managing one that "keeps" the corpus.
NEEDS = {
    "/ask": "nothing",
    "Find Sources": "nothing",
    "/entry": "nothing",
    "/browse": "nothing",
    "/latest": "nothing",
    "/timeline": "nothing",
    "/help": "nothing",
    "/privacy": "nothing",
    "/forget-me": "nothing",
    "/settings": "settings",
    "/corpus status": "managing",
    "/corpus sources": "managing",
    "/corpus gaps": "managing",
    "/corpus log": "managing",
    "/corpus why": "managing",
    "Why This Answer": "managing",
    "/corpus refresh": "keeping",
    "/corpus add": "keeping",
    "/corpus remove": "keeping",
    "/corpus undo": "keeping",
    "/corpus export": "keeping",
    "fn:page": "nothing",
    "fn:browse": "nothing",
    "fn:set": "settings",
    "fn:sources": "managing",
    "fn:gaps": "managing",
    "fn:gap": "managing",
    "fn:added": "keeping",
    "fn:go": "keeping",
    "fn:discard": "keeping",
    "fn:undo": "keeping",
}


def expected(what: str, who: str, place: Place) -> str:
    manages = who in MANAGERS and place.manageable
    match NEEDS[what]:
        case "nothing":
            return ALLOWED
        case "settings":
            return ALLOWED if manages else NO_SETTINGS
        case "managing":
            return ALLOWED if manages else NOT_STAFF
        case "keeping":
            return (place.refusal or ALLOWED) if manages else NOT_STAFF
    raise AssertionError(NEEDS[what])


# An answer's buttons, by who presses them and under which message; `delete` is listed by itself.

PUBLIC, PRIVATE, SHARED, DIRECT = ANSWERS = ("public", "private", "shared", "in a direct message")
ACTIONS = ("evidence", "related", "up", "down", "reason", "follow", "followed", "thread", "share", "delete")
ASKER, MEMBER, MANAGER = PRESSERS = ("who asked", "another member", "moderator")
OWN, BESIDE, CHANNEL, SERVER, COMMANDS, DM = UNDER = (
    "its own message",
    "another message in its channel",
    "a message in another channel",
    "a message in another server",
    "a message in a server with the commands alone",
    "a message in their own direct messages",
)


def expected_of_answer(answer: str, action: str, presser: str, under: str) -> str:
    served = under == OWN and (presser == ASKER or answer in {PUBLIC, SHARED})
    if action == "delete":  # a moderator may take any message of the bot away that others see
        seen = under != DM and (answer, under) != (PRIVATE, OWN)
        return ALLOWED if (presser == MANAGER and seen) or (presser == ASKER and served) else NOT_YOURS
    if action == "thread" and (under == DM or (answer == DIRECT and under in {OWN, BESIDE})):
        return NO_THREAD
    offered = {"share": answer == PRIVATE, "thread": answer in {PUBLIC, SHARED}}.get(action, True)
    return ALLOWED if served and offered else NOT_KEPT


def is_possible(answer: str, presser: str, under: str) -> bool:
    """Whether Discord lets this person there at all: a direct message is between two."""
    return answer != DIRECT or presser == ASKER or under not in {OWN, BESIDE}


# Cancel, while a job of the named server is at work

STARTERS = ("who started it", *WHO)


def expected_of_cancel(who: str, place: Place) -> str:
    here = place.name.startswith("the named server")
    manages = who in MANAGERS and place.manageable
    return ALLOWED if here and (manages or who == "who started it") else NOT_YOUR_WORK


def markdown() -> str:
    """All three tables; sentences stand below as notes."""
    notes: dict[str, str] = {}

    def cell(outcome: str) -> str:
        return "yes" if outcome == ALLOWED else notes.setdefault(outcome, f"no ({len(notes) + 1})")

    def row(*cells: str) -> str:
        return f"| {' | '.join(cells)} |"

    lines = []
    for place in PLACES:
        lines += ["", f"**{place.name}** ({place.world})", "", row("", *WHO), row("---", *["---"] * len(WHO))]
        lines += [row(what, *(cell(expected(what, who, place)) for who in WHO)) for what in NEEDS]
        if place.world == "servers are named":
            told = (cell(expected_of_cancel(who, place)) for who in WHO)
            lines.append(row("fn:cancel, of a job of the named server", *told))
    for answer in ANSWERS:
        lines += ["", f"**The buttons of an answer: {answer}**", "", row("under", "by", *ACTIONS)]
        lines.append(row("---", "---", *["---"] * len(ACTIONS)))
        for under in UNDER:
            for presser in [one for one in PRESSERS if is_possible(answer, one, under)]:
                told = (cell(expected_of_answer(answer, action, presser, under)) for action in ACTIONS)
                lines.append(row(under, presser, *told))
    return "\n".join([*lines[1:], "", *(f"- {name}: {sentence}" for sentence, name in notes.items())])


if __name__ == "__main__":
    import sys

    sys.stdout.write(markdown() + "\n")
