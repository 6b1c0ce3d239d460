"""Discord's error codes → a sentence for the member, and how each is logged. A refusal of Discord is no bug of ours.

The codes stand in Discord's documentation (topics/opcodes-and-status-codes). Only a form that Discord finds wrong
(50035), or a 400 without a code, is our own mistake.
"""

import logging
from dataclasses import dataclass

import discord

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10003, 10008, 10015, 10062
ACKNOWLEDGED, EXPIRED, INVALID_FORM = 40060, 50027, 50035
NO_REPLY_WITHOUT_HISTORY, THREAD_EXISTS, THREAD_LOCKED = 160002, 160004, 160005
# The token of an interaction is not known, or no more: nothing can be said in it. A public answer can be posted.
TOKEN_GONE = frozenset({UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, EXPIRED})
BAD_REQUEST, TOO_MANY = 400, 429  # statuses


@dataclass(frozen=True, slots=True)
class Refusal:
    """`meaning` is for the log, at `level`; `silences`: nothing else can be said in that channel either."""

    meaning: str
    sentence: str
    level: int = logging.INFO
    silences: bool = False


TELL = "Tell a moderator."
FULL = "Ask a moderator to make room."
NO_LONGER_THERE = "What this was about has been deleted meanwhile."
BY_RULES = "This server's rules let the bot not post that: {}. " + TELL


def _gone(what: str) -> Refusal:
    return Refusal(f"unknown {what}", NO_LONGER_THERE)


def _deleted_channel(what: str) -> Refusal:
    return Refusal(f"unknown {what}", NO_LONGER_THERE, silences=True)


def _barred(meaning: str, sentence: str) -> Refusal:
    """Nobody but moderators can change it, so it is a warning; nothing can be said in that channel."""
    return Refusal(meaning, f"{sentence} {TELL}", logging.WARNING, silences=True)


def _slow(meaning: str) -> Refusal:
    return Refusal(meaning, "Discord lets the bot write no faster here. Try again in a minute.", silences=True)


REFUSALS = {
    UNKNOWN_CHANNEL: _deleted_channel("channel"),
    10004: _deleted_channel("server"),
    10007: _gone("member"),
    UNKNOWN_MESSAGE: _gone("message"),
    10011: _gone("role"),
    10013: _gone("user"),
    UNKNOWN_WEBHOOK: _gone("webhook: the interaction has ended"),
    UNKNOWN_INTERACTION: _gone("interaction: it came too late, or Discord lost it"),
    20009: Refusal("explicit content", BY_RULES.format("Discord finds it explicit")),
    20016: _slow("slow mode"),
    20022: _slow("limit of an announcement channel"),
    20028: _slow("limit of writing in a channel"),
    20029: _slow("limit of writing in a server"),
    20031: Refusal("words that are not allowed", BY_RULES.format("it has words that Discord does not allow")),
    30003: Refusal("most pins", f"This channel has as many pinned messages as Discord allows. {FULL}"),
    30010: Refusal("most reactions", "This message has as many reactions as Discord allows."),
    30013: Refusal("most channels", f"This server has as many channels as Discord allows. {FULL}"),
    30033: Refusal("most members of a thread", "This thread has as many members as Discord allows. Ask outside of it."),
    30046: _slow("limit of edits of an old message"),
    40004: _barred("sending is switched off", "Discord has switched the bot's messages off for a while."),
    40005: Refusal("too large", "That is larger than Discord takes here. Ask for less at once.", logging.WARNING),
    40006: _barred("a feature is switched off", "Discord has switched this off for a while. Try again later."),
    ACKNOWLEDGED: Refusal("acknowledged already", "This was answered already."),
    40062: _slow("limit of a service"),
    40067: _barred("a tag is required", "A post in this forum needs a tag, which the bot does not choose."),
    50001: _barred("missing access", "The bot cannot see this channel: it lacks the permission View Channel."),
    50003: Refusal("not in a direct message", "This cannot be done in direct messages. Use it in a server."),
    50005: Refusal("a message of somebody else", "Discord lets only its author change this message."),
    50007: Refusal(
        "direct messages are closed", "The bot cannot write to you: you take no direct messages from it.", silences=True
    ),
    50008: _barred("no text channel", "Discord takes no messages in this channel. Use a text channel."),
    50009: _barred("verification level", "The server's verification level is too high for the bot."),
    50013: _barred("missing permissions", "The bot may not do that here: it lacks a permission in this channel."),
    50019: Refusal("a pin of another channel", "A message can only be pinned in its own channel."),
    50021: Refusal("a system message", "That is a message of Discord itself: nothing can be done with it."),
    50024: _barred("not in this type of channel", "Discord does not allow this in such a channel. Use a text channel."),
    EXPIRED: _gone("interaction: its token has expired"),
    50068: Refusal("invalid message type", "Discord does not allow this with messages of that kind."),
    50083: _barred("archived thread", "This thread is archived, so nothing can be changed in it. Open it again first."),
    50278: Refusal("no server in common", "The bot cannot write to you: you share no server with it.", silences=True),
    110000: Refusal("application not available", "Discord does not offer the bot here now. Try again later."),
    130000: Refusal("overloaded", "Discord is overloaded just now. Try again in a minute."),
    NO_REPLY_WITHOUT_HISTORY: Refusal(
        "missing message history", f"The bot lacks the permission Read Message History here. {TELL}", logging.WARNING
    ),
    THREAD_EXISTS: Refusal("thread exists", "There is a thread on this message already."),
    THREAD_LOCKED: Refusal("locked thread", "This thread is locked. Ask outside of it.", silences=True),
    160006: Refusal(
        "most active threads",
        "This server has as many active threads as Discord allows. Close some, or go on here with Follow up.",
    ),
    160007: Refusal(
        "most active threads of an announcement channel",
        "This channel has as many active threads as Discord allows. Close some, or go on here with Follow up.",
    ),
    200000: Refusal("blocked by AutoMod", BY_RULES.format("AutoMod has blocked it")),
    200001: Refusal("title blocked by AutoMod", BY_RULES.format("AutoMod has blocked its title")),
    220003: _barred("forum", "A forum takes only posts. Use a text channel."),
    240000: Refusal(
        "blocked by the filter of harmful links", BY_RULES.format("Discord counts a link in it as harmful")
    ),
}


def refusal_of(error: discord.HTTPException) -> Refusal | None:
    """Return why Discord refused; None where the request was wrong, which is our bug."""
    if known := REFUSALS.get(error.code):
        return known
    if error.status == TOO_MANY:
        return Refusal("too many requests", "Discord is too busy for the bot just now. Try again in a minute.")
    if isinstance(error, discord.DiscordServerError):
        sentence = "Discord has trouble of its own just now. Try again in a minute."
        return Refusal(f"status {error.status}", sentence, logging.WARNING)
    if error.code == INVALID_FORM or (error.status == BAD_REQUEST and not error.code):
        return None
    named = f"code {error.code}" if error.code else f"status {error.status}"
    sentence = f"Discord refused this ({named}). Try again; if it stays, tell a moderator."
    return Refusal(f"{named}, which has no sentence yet: {error.text[:200]}", sentence, logging.WARNING)


def is_token_gone(error: BaseException) -> bool:
    """Return whether the interaction is lost: nothing can be sent in it any more."""
    return isinstance(error, discord.HTTPException) and error.code in TOKEN_GONE
