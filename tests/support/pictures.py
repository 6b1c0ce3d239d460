"""Pictures of the bot's messages for the README: python tests/support/pictures.py [FOLDER]

The real bot with the shipped corpus, against a Discord on loopback; each picture is drawn from the very payload that it
sent, and what it says is kept beside it, by which a test knows whether the bot still says so.
On Debian: apt-get install chromium pngquant fonts-noto-color-emoji.
"""

import asyncio
import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from discord_messages import Message
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Channel, Guild, Permission, User
from look import WIDTH, message, page
from running import ROOT, running

QUESTION = "Why do open and closed models differ?"
FOREIGN = "How do I bake sourdough bread?"
TEXTS = "texts.json"
LARGEST = 150_000  # bytes
WAIT = 60.0
Shot = tuple[Message, str]  # with the line above it: who used what


async def perform() -> tuple[dict[str, Shot], dict[str, str]]:
    """Do what a picture is taken of. Gives the messages, and the names that their mentions show."""
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        ada = discord.add_user("ada")
        mo = discord.add_user("mo", MEMBER | Permission.MANAGE_GUILD)
        channel = discord.add_channel("ask-here", guild=guild)
        with tempfile.TemporaryDirectory() as folder:
            data, named = Path(folder) / "data", f"[{guild.id}]"  # the loopback has a server of its own beside
            async with running(discord, data, FOOTNOTE_OFFLINE="true", FOOTNOTE_DISCORD_SERVERS=named):
                shots = await _asked(discord, ada, channel) | await _managed(discord, mo, guild, channel)
        names = {str(c.id): c.name for c in discord.channels.values()} | {str(u.id): u.name for u in discord.users}
        return shots, names


async def _asked(discord: LoopbackDiscord, ada: User, channel: Channel) -> dict[str, Shot]:
    async def use(command: str, **options: str) -> Message:
        return await (await discord.slash(command, options, user=ada, channel=channel)).answered(WAIT)

    answer = await use("ask", question=QUESTION)
    evidence = await (await discord.press(answer, "Evidence", ada)).answered(WAIT)
    return {
        "answer": (answer, "**Ada** used </ask:1>"),
        "evidence": (evidence, ""),
        "not-covered": (await use("ask", question=FOREIGN), "**Ada** used </ask:1>"),
        "entry": (await use("entry", title="consortium"), "**Ada** used </entry:1>"),
        "timeline": (await use("timeline", topic="open models catching up"), "**Ada** used </timeline:1>"),
    }


async def _managed(discord: LoopbackDiscord, mo: User, guild: Guild, channel: Channel) -> dict[str, Shot]:
    opened = await discord.slash("settings", user=mo, channel=guild.channel)
    panel = await opened.answered(WAIT)
    for menu, value in (("fn:set:channels", channel), ("fn:set:announce", channel)):
        await (await discord.choose(panel, menu, [value], mo)).answered(WAIT)
    await discord.until(lambda: f"announced: {channel.mention}" in panel.content)
    await discord.slash("corpus refresh", {"source": "footnote"}, user=mo, channel=channel)

    def finished() -> Message | None:
        own = [m for m in channel.messages if m.author is discord.bot and "started by" in m.content]
        return next((m for m in own if not m.labels), None)

    card = await discord.until(finished, WAIT, "The card does not end")
    return {"settings": (panel, "**Mo** used </settings:1>"), "job": (card, "")}


def texts_of(shots: dict[str, Shot], names: dict[str, str]) -> dict[str, list[str]]:
    """Return picture → the words that it shows, a line each; without days, which pass."""
    found = {}
    for name, (shown, used) in shots.items():
        drawn = re.sub(r'<span class="time">.*?</span>', "…", message(shown.payload(), names, used))
        lines = (html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in re.split(r"</?div[^>]*>", drawn))
        found[name] = [line for line in lines if line]
    return found


def draw(document_text: str, picture: Path) -> None:
    """A document → a picture just as high, for a screen of double density."""
    document = picture.with_suffix(".html").resolve()
    document.write_text(document_text, encoding="utf-8")
    read = _chromium("--dump-dom", document.as_uri())
    height = re.search(r"<title>(\d+)</title>", read)
    assert height, "Chromium did not measure the page."
    size = f"--window-size={WIDTH},{height[1]}"
    _chromium("--hide-scrollbars", "--force-device-scale-factor=2", size, f"--screenshot={picture}", document.as_uri())
    document.unlink()
    subprocess.run(
        ["/usr/bin/pngquant", "--force", "--strip", "--ext=.png", "64", str(picture)], check=True, timeout=60
    )


def _chromium(*words: str) -> str:
    base = ["/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-lcd-text"]
    return subprocess.run([*base, *words], check=True, capture_output=True, text=True, timeout=120).stdout


def main() -> None:
    for tool in ("chromium", "pngquant"):
        if not Path("/usr/bin", tool).exists():
            sys.exit(f"There is no /usr/bin/{tool}, which the pictures need; on Debian: apt-get install {tool}.")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    shots, names = asyncio.run(perform())
    (folder / TEXTS).write_text(
        json.dumps(texts_of(shots, names), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    for name, (shown, used) in shots.items():
        picture = folder / f"{name}.png"
        draw(page([message(shown.payload(), names, used)]), picture)
        size = picture.stat().st_size
        print(f"{picture}: {size:,} bytes{'' if size <= LARGEST else ', too many for a README'}")


if __name__ == "__main__":
    main()
