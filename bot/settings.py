"""Settings of the Discord process: plain values from the environment, or from `.env`."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from bot.text import plain, shorten
from corpus import CorpusSettings

PREFIX = "FOOTNOTE_"
ALIKE = 0.5  # of difflib's 0 to 1, without the prefix: TOKEN and DISCORD_TOKEN have 0.56
MOST_NAMED, LONGEST_NAME = 5, 60


class BotSettings(BaseSettings):
    """Each field is read from `FOOTNOTE_<NAME>`; `.env.example` names every one."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr | None = Field(
        default=None, description="The bot's token, from Discord's developer portal: Bot → Reset Token."
    )
    discord_api_url: str | None = Field(
        default=None,
        description="Another REST base than Discord's own (a proxy, a test server), such as http://127.0.0.1:8080/api/v10.",
    )
    discord_servers: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="The servers whose moderators may change the corpus, by id. None: the only one that it is in.",
    )

    @field_validator("discord_servers", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [one for one in re.split(r"[\s,]+", value.strip(" ,[]")) if one]  # also as the JSON list it had to be
        if not all(re.fullmatch(r"[0-9]{1,20}", one) for one in ids):
            raise ValueError("is no list of server ids; write it as 123456789012345678, 234567890123456789")
        return frozenset(map(int, ids))

    @field_validator("discord_api_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            url = urlsplit(value)
        except ValueError as error:
            raise ValueError("is no address; write it as http://127.0.0.1:8080/api/v10") from error
        if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
            raise ValueError("is no web address; write it as http://127.0.0.1:8080/api/v10")
        return value.rstrip("/")


def unknown_settings(environment: Mapping[str, str]) -> str:
    """Return the sentence on variables of the environment or of `.env` that are named as settings and are none; or "".

    Each is named with the setting that it is most like. Nobody reads them, so that what they were to set is not set.
    """
    settings = {*CorpusSettings.model_fields, *BotSettings.model_fields}
    in_file = DotEnvSettingsSource(BotSettings).env_vars
    faults = []
    for name in dict.fromkeys(map(str.upper, (*environment, *in_file))):
        own = name.removeprefix(PREFIX).lower()
        if name == own.upper() or own in settings:
            continue
        near = get_close_matches(own[:LONGEST_NAME], sorted(settings), n=1, cutoff=ALIKE)
        hint = f"did you mean {PREFIX}{near[0].upper()}?" if near else ".env.example names all that there are."
        place = "" if name in map(str.upper, environment) else " in .env"
        faults.append(f"{shorten(plain(name), LONGEST_NAME)}{place} is no setting; {hint}")
    more = [f"And {len(faults) - MOST_NAMED} more are none."] if len(faults) > MOST_NAMED else []
    return " ".join([*faults[:MOST_NAMED], *more])
