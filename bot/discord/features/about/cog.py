"""`/help`, `/privacy`, `/forget-me`: without the model, for the asker alone."""

import asyncio

from discord import app_commands
from discord.ext import commands

from bot.discord.client import FootnoteBot, Interaction
from bot.discord.features.about.message import PRIVACY, help_message
from bot.discord.interactions import defer, retry
from bot.discord.jobs import uploads


class About(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client

    @app_commands.command(description="What this bot does, and what its corpus holds.")
    async def help(self, interaction: Interaction) -> None:
        await defer(interaction, private=True)  # Discord may be slow to tell of our own commands
        content = help_message(self.client.library.titles, await self.client.command_ids())
        await retry(lambda: interaction.edit_original_response(content=content))

    @app_commands.command(description="What is stored, for how long, and how to have it deleted.")
    async def privacy(self, interaction: Interaction) -> None:
        await interaction.response.send_message(PRIVACY, ephemeral=True)

    @app_commands.command(name="forget-me", description="Delete what this bot stores of you.")
    async def forget_me(self, interaction: Interaction) -> None:
        await defer(interaction, private=True)
        gone = await self.client.store.use(lambda stored: stored.forget(interaction.user.id))
        for pending_id in gone.pending:
            await asyncio.to_thread(uploads.drop, self.client.library.data_dir, pending_id)
        content = (
            f"Done. Deleted: your votes ({gone.feedback}) and uncovered questions ({gone.gaps}). Answers that no "
            f"longer know who asked: {gone.answers}."
        )
        if gone.log or gone.pending:
            content += (
                f" Lines of the moderators' log that no longer name you: {gone.log}. Additions that waited for their "
                f"Apply: {len(gone.pending)}, deleted."
            )
        await retry(lambda: interaction.edit_original_response(content=content))


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(About(client))
