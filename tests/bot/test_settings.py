"""What an operator writes into the environment, and what becomes of what is no setting."""

import pytest
from pydantic import ValidationError

from bot.settings import BotSettings


@pytest.mark.parametrize(
    ("written", "servers"),
    [
        ("1577025816066261854", {1577025816066261854}),
        ("1, 2", {1, 2}),
        ("1 2,3", {1, 2, 3}),
        ("[1, 2]", {1, 2}),
        ("[]", set()),
        ("", set()),
    ],
)
def test_servers_are_named_by_their_ids_one_or_several(monkeypatch, written, servers):
    monkeypatch.setenv("FOOTNOTE_DISCORD_SERVERS", written)
    assert BotSettings().discord_servers == servers


@pytest.mark.parametrize("written", ["makers", "1.5", "1;2", "-1", "9" * 21, '{"a": 1}'])
def test_what_is_no_id_of_a_server_is_refused_with_how_to_write_one(monkeypatch, written):
    monkeypatch.setenv("FOOTNOTE_DISCORD_SERVERS", written)
    with pytest.raises(ValidationError, match="is no list of server ids; write it as 123456789012345678, "):
        BotSettings()
