"""Settings of the library: plain values from the environment, or from `.env`."""

from pathlib import Path

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

BUILT_IN_MODEL = "all-MiniLM-L6-v2"


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
    keep_generations: int = Field(default=3, ge=1, le=100, description="How many index generations to keep.")

    @field_validator("data_dir")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        try:
            return value.expanduser().absolute()
        except (RuntimeError, OSError) as error:
            raise ValueError(f"is no folder that can be found ({error})") from error
