"""What the bot says of itself, and what it keeps of people."""

from collections.abc import Mapping, Sequence

from bot.discord.store.models import ANSWERS_KEPT, GAPS_KEPT, LOG_KEPT, PENDING_KEPT, THREADS_KEPT, VOTES_KEPT
from corpus import Title

NAMED = ("ask", "browse", "latest", "entry", "timeline", "privacy", "forget-me")
HELP = """\
**Footnote** answers from a corpus of commentary, in quotes with their source. It never says that something is so: \
it says who said it, where and when. Where the corpus is silent, it says that.
{holds}
- {ask} a question; or mention me, reply to me with the ping on, or write to me directly
- {browse}, {latest}, {entry}: what is there
- {timeline}: what was said on a topic, by date
- Right-click a message → Apps → **Find Sources**: what the corpus says on it, for you alone first
- Under an answer: 🔎 the quotes in their paragraphs, 📚 what is related, 👍 👎, 💬 a further question, 🗑️ for who \
asked and for moderators
- {privacy}: what is stored; {forget_me}: deletes it"""
PRIVACY = f"""\
**What this bot stores, and for how long**
- Of an answer, {ANSWERS_KEPT.days} days: when and where, which quotes it showed, and a keyed hash of who asked (so \
that you can delete it). Not the question: that stands in the message alone, and goes with it.
- Of a question that the corpus did not cover, until {GAPS_KEPT.days} days after it was last asked, also of private \
ones and direct messages: the question, so that moderators see what is missing, and the keyed hash. They see no name.
- Of a 👍 or 👎, {VOTES_KEPT.days} days: your reason if you gave one, the keyed hash, and the question as long as its \
answer is kept.
- Of a thread on an answer, {THREADS_KEPT.days} days: which number stands for which entry.
- Of moderators, {LOG_KEPT.days} days: what they do to the corpus and the settings, with name and id. What they want \
to add waits {PENDING_KEPT.days} day for its Apply. The corpus's own history keeps who started a change, by name, for \
good.
- Of a server, until the bot leaves it: its settings, and which entries were announced. Of a job, until its end (at \
most {ANSWERS_KEPT.days} days): where its message stands.
No other text of a message is kept, none is passed on, and no language model reads it. Where the bot itself fails, its \
log leaves out your words.
**/forget-me** deletes at once: your votes, uncovered questions, what waits for its Apply, your hash in answers and \
your question in others' votes. In the moderators' log "a former moderator" stands for you; what was done stays. To \
have an answer removed, press 🗑️ under it, or ask a moderator; for backups and the corpus's history, its maintainer."""


def help_message(titles: Sequence[Title], commands: Mapping[str, int]) -> str:
    """What the bot is and does; commands as mentions that can be pressed."""
    guides = sum(title.kind == "guide" for title in titles)
    newest = f", the newest of {titles[0].published.isoformat()}" if titles else ""
    holds = f"The corpus holds {len(titles)} entries ({len(titles) - guides} events, {guides} guides){newest}."
    mentions = {name: f"</{name}:{commands[name]}>" if name in commands else f"/{name}" for name in NAMED}
    return HELP.format(holds=holds, **{name.replace("-", "_"): mention for name, mention in mentions.items()})
