"""Where a server's moderators want answers, and for whom."""

import pytest

from bot.discord.admission import check_place
from bot.discord.store.models import GuildSettings
from bot.errors import NotHere

CHANNEL, PARENT, ELSEWHERE, ROLE, OTHER_ROLE = 1, 2, 3, 4, 5


@pytest.mark.parametrize(
    ("settings", "channels", "roles"),
    [
        (GuildSettings(), {ELSEWHERE}, set()),
        (GuildSettings(channels=(CHANNEL,)), {CHANNEL}, set()),
        (GuildSettings(channels=(PARENT,)), {CHANNEL, PARENT}, set()),
        (GuildSettings(roles=(ROLE,)), {ELSEWHERE}, {ROLE, OTHER_ROLE}),
    ],
    ids=["unset", "the channel", "a thread of the channel", "one of the roles"],
)
def test_answers_are_given_where_and_to_whom_they_are_wanted(settings, channels, roles):
    check_place(settings, channels, roles)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (GuildSettings(channels=(CHANNEL,)), "other channels for questions: <#1>"),
        (GuildSettings(roles=(ROLE,)), "members with certain roles"),
        (GuildSettings(channels=(ELSEWHERE,), roles=(ROLE,)), "members with certain roles"),
    ],
    ids=["another channel", "none of the roles", "the channel without the role"],
)
def test_elsewhere_and_to_others_it_is_said_why_not(settings, says):
    with pytest.raises(NotHere, match=says):
        check_place(settings, {ELSEWHERE}, {OTHER_ROLE})
