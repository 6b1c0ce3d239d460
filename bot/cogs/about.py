"""`/help`, `/privacy`, `/forget-me`: without the model, for the asker alone."""

from discord import app_commands
from discord.ext import commands

from bot.client import FootnoteBot, Interaction
from bot.community import Community
from bot.delivery import again, defer
from bot.pages import PRIVACY, help_message


class About(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client

    @app_commands.command(description="What this bot does, and what its corpus holds.")
    async def help(self, interaction: Interaction) -> None:
        await defer(interaction, private=True)  # Discord may be slow to tell of our own commands
        content = help_message(self.client.library.titles, await self.client.command_ids())
        await again(lambda: interaction.edit_original_response(content=content))

    @app_commands.command(description="What is stored, for how long, and how to have it deleted.")
    async def privacy(self, interaction: Interaction) -> None:
        await interaction.response.send_message(PRIVACY, ephemeral=True)

    @app_commands.command(name="forget-me", description="Delete what this bot stores of you.")
    async def forget_me(self, interaction: Interaction) -> None:
        person = await self.client.record(Community.person, interaction.user.id)
        gone = await self.client.record(Community.forget, person)
        await interaction.response.send_message(
            f"Done. Deleted: your votes ({gone.feedback}) and uncovered questions ({gone.gaps}). Answers that no "
            f"longer know who asked: {gone.answers}.",
            ephemeral=True,
        )


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(About(client))
