"""The lines above an answer that show its question, and the way back from them to the question."""

import re

from bot.discord.markdown import escape_within
from bot.shared import NOT_COVERED, NOT_SEARCHED
from corpus import Filters, written_day

ASKED, UNDERSTOOD = "-# Question: ", "-# Understood as: "
ON_MESSAGE = "-# On the message: "  # somebody's words, which are no question: nothing reads them back from here
REFUSALS = f"**{NOT_COVERED.rstrip('.')}", f"**{NOT_SEARCHED}"
LONGEST_FILTER = 60


def asked_in(message: str, *, as_written: bool = False) -> str | None:
    """The question that a message of ours answers, as it was understood (or written); None where it shows none.

    The message is the only place that keeps a question: when it is deleted, the question is gone.
    """
    if message.startswith(ON_MESSAGE):  # however its misspelt words were understood
        return None
    for beginning in (ASKED,) if as_written else (UNDERSTOOD, ASKED):
        for line in message.split("\n")[:3]:
            if line.startswith(beginning):
                return re.sub(r"\\(.)", r"\1", line.removeprefix(beginning))
    return None


def is_refusal(message: str) -> bool:
    """Whether a message of ours says that the corpus does not cover its question, or that it could not be searched."""
    return any(line.startswith(REFUSALS) for line in message.split("\n"))


def filters_in_words(filters: Filters) -> str:
    """The filters in words (since 1 April 2026 · Nathan Lambert); empty where there are none."""
    parts = [
        f"since {written_day(filters.since)}" if filters.since else "",
        f"until {written_day(filters.until)}" if filters.until else "",
        escape_within(filters.person or "", LONGEST_FILTER),
        escape_within(filters.source or "", LONGEST_FILTER),
        f"{filters.kind}s" if filters.kind else "",
    ]
    return " · ".join(part for part in parts if part)
