"""The servers of each of permission_table.py's worlds, with a bot among them, and what becomes of what people try."""

import json
from contextlib import asynccontextmanager

import permission_table as table
from discord_interactions import OPENED_MODAL
from discord_messages import Message
from discord_server import LoopbackDiscord
from discord_world import MEMBER, MODERATOR, Permission
from in_process import connected

from bot.discord.rate_limits import Cooldown

SOON = 40.0  # seconds for a child process on a busy machine
REPORT = {"event": "report", "dry_run": True, "committed": False, "new": ["piece"], "unchanged": [], "generation": 7}
REPORTING = f"echo started >> started; echo '{json.dumps(REPORT)}'"


class World:
    """A bot among servers. `places`: place → its channel, None for each one's direct messages; `people`: by who."""

    def __init__(self, discord, client):
        self.discord, self.client = discord, client
        self.places = {}
        self.people = {}

    def started(self):
        """How many jobs were started."""
        written = self.client.library.data_dir.parent / "started"
        return len(written.read_text().splitlines()) if written.exists() else 0

    def message_in(self, channel):
        """A message of the bot that stands in a channel."""
        message = Message(channel, self.discord.bot, "Something that the bot has said.")
        self.discord.post(message)
        return message

    async def outcome(self, handle):
        """What became of an interaction: "allowed", or the sentence that refused it."""
        await self.discord.bell.until(
            lambda: handle.answer or handle.response == OPENED_MODAL or (handle.source and handle.source.deleted),
            SOON,
            "No outcome",
            handle.seen,
        )
        said = handle.answer.content if handle.answer else ""
        assert "went wrong" not in said, said
        return said if said in table.REFUSALS else table.ALLOWED

    async def ready_again(self):
        """Nobody has asked too often, and no job is at work."""
        await self.discord.until(lambda: self.client.jobs.running is None, SOON, "A job does not end")
        for name, value in vars(self.client).items():
            if isinstance(value, Cooldown):
                setattr(self.client, name, Cooldown())


def child(tmp_path, line):
    script = tmp_path / "child.sh"
    script.write_text(line, encoding="utf-8")
    return "sh", str(script)


@asynccontextmanager
async def world(name, monkeypatch, tmp_path, prepared, line=REPORTING):
    """The servers of this name, and the bot connected to them; `line`: what a job does."""
    two = "two" in name
    async with LoopbackDiscord(shards=2 if "shard" in name else 1, check_at_once=False) as discord:
        on_second = name == "one server, on the second of two shards"
        home = discord.add_guild("home", shard=1 if on_second else 0)
        alone = discord.add_guild("alone", bot_inside=False, has_commands=True)
        outside = discord.add_guild("outside", bot_inside=False)
        if two and not on_second:
            other = discord.add_guild("other", shard=1, available="unavailable" not in name)
        elif name == "servers are named":
            other = discord.add_guild("other")
        silent = name == "one of two shards has not told its servers"
        discord.gateway.silent_shards = {1} if silent else set()
        people = {
            "member": discord.add_user("ada"),
            "moderator": discord.add_user("mo", MODERATOR),
            "administrator": discord.add_user("root", MEMBER | Permission.ADMINISTRATOR),
            "app owner": discord.owner,
        }
        people["administrator"].bare = True
        named = {"discord_servers": frozenset({home.id})} if name == "servers are named" else {}
        command = child(tmp_path, line)
        data = tmp_path / "data"
        async with connected(discord, monkeypatch, data, command, prepared, ready=not silent, **named) as client:
            await discord.until(lambda: client.get_guild(home.id) and client.get_guild(home.id).me)
            made = World(discord, client)
            made.people = people
            for place in (place for place in table.PLACES if place.world == name):
                match place.name:
                    case "a server with the commands alone":
                        channel = alone.channel
                    case "a server without the app, by an app of one's own":
                        channel = outside.channel
                    case "another server with the bot" | "the unavailable one":
                        channel = other.channel
                    case _:
                        channel = None if "direct" in place.name else home.channel
                made.places[place] = channel
            yield made
