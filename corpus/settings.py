"""Settings of the library: plain values from the environment, or from `.env`."""

import re
import ssl
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

BUILT_IN_MODEL = "all-MiniLM-L6-v2"
HOST = re.compile(r"([\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?")


class CorpusSettings(BaseSettings):
    """Each field is read from `FOOTNOTE_<NAME>`; `.env.example` names every one."""

    # An empty variable counts as unset: an empty data folder would be the current one.
    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("footnote", appauthor=False)),
        description="Where the archive and the index live.",
    )
    model: str = Field(
        default=BUILT_IN_MODEL,
        min_length=1,
        description="The embedding model: the built-in one, or any sentence-transformers model by name or path.",
    )
    query_prompt: str | None = Field(
        default=None, max_length=500, description="What a model wants before each question, as e5 wants query:"
    )
    passage_prompt: str | None = Field(
        default=None, max_length=500, description="What a model wants before each passage, as e5 wants passage:"
    )
    reranker: str | None = Field(
        default=None,
        description="A sentence-transformers cross-encoder by name or path, which orders what a search finds best.",
    )
    understanding: bool = Field(
        default=True,
        description="Whether a question's spelling, what it follows, and whom and which time it names are understood.",
    )
    keep_generations: int = Field(default=3, ge=1, le=100, description="How many index generations to keep.")
    contact: str | None = Field(
        default=None,
        pattern=r"^[!-'*-~]{1,200}$",  # it becomes a comment of a header
        description="An address or a mail address that sites which are read find in the User-Agent.",
    )
    offline: bool = Field(default=False, description="Whether to leave the web alone: no source, no page is read.")
    refresh_hours: float = Field(
        default=6, ge=0, le=24 * 365, description="How many hours between two readings of a source by itself; 0: never."
    )
    fetch_pause: float = Field(
        default=1.0, ge=0, le=600, description="Seconds between two requests to one host; a site may ask for more."
    )
    fetch_allowed: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Hosts, with or without a port, whose pages are read though they are in a private network.",
    )

    fetch_proxy: str = Field(
        default="environment",
        pattern=r"^(environment|none|https?://[^\s/]+/?)$",
        repr=False,  # it may hold a password
        description="The proxy for the web: its address, none, or environment: HTTPS_PROXY, HTTP_PROXY and NO_PROXY.",
    )
    fetch_ca: Path | None = Field(
        default=None, description="A file of further certificates (PEM) that are trusted, as of a company's proxy."
    )

    @field_validator("fetch_ca")
    @classmethod
    def _certificates(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        try:
            ssl.create_default_context(cafile=str(value.expanduser()))
        except (OSError, RuntimeError, ValueError) as error:  # of ssl, an OSError
            raise ValueError(f"is no file of certificates that can be read (PEM): {error}") from error
        return value.expanduser().absolute()

    @field_validator("fetch_allowed", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        hosts = re.split(r"[\s,]+", value.strip(" ,").lower()) if isinstance(value, str) else value
        if isinstance(hosts, list) and not all(HOST.fullmatch(host) for host in hosts):
            raise ValueError("is no list of hosts; write it as in wiki.example.org, localhost:8080")
        return hosts

    @field_validator("data_dir")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        try:
            return value.expanduser().absolute()
        except (RuntimeError, OSError) as error:
            raise ValueError(f"is no folder that can be found ({error})") from error
