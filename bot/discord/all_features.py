"""Every feature of the bot, in the order in which they are added: a new one needs a line here."""

from bot.discord.features.about import cog as about
from bot.discord.features.corpus_admin import cog as corpus_admin
from bot.discord.features.entries import cog as entries
from bot.discord.features.guild_settings import cog as guild_settings
from bot.discord.features.insight import cog as insight
from bot.discord.features.insight import sources_cog
from bot.discord.features.questions import cog as questions

FEATURES = (
    questions.setup,
    entries.setup,
    about.setup,
    guild_settings.setup,
    corpus_admin.setup,  # makes the group /corpus, to which the next two add commands
    insight.setup,
    sources_cog.setup,
)
