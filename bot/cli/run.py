"""`footnote run`: the way from the terminal to the Discord process."""

from bot import errors
from bot.cli import console
from bot.cli.open_corpus import corpus_settings


def run() -> None:
    """Run the Discord bot until it is stopped (SIGTERM, Ctrl-C); needs FOOTNOTE_DISCORD_TOKEN."""
    from bot.discord.run import run as run_bot  # noqa: PLC0415
    from bot.settings import BotSettings  # noqa: PLC0415

    console.record_logs()
    settings = corpus_settings()
    try:
        bot_settings = BotSettings()
    except (ValueError, OSError, RuntimeError) as error:
        raise errors.settings_problem(error) from error
    run_bot(settings, bot_settings)
