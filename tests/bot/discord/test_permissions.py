"""Who may do what: every command, button, menu and form, by everybody, in every place; permission_table.py says it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import permission_table as table
import pytest
from discord_forged import forged_command, forged_form, forged_press, owners_in
from discord_world import MODERATOR
from in_process import prepare
from permission_world import SOON, world

QUESTION = "Will open models catch up?"
HOSTILE = (
    "",
    "x" * 5000,
    "../../..",
    "1|2|3|4|5|6|7",
    "9" * 90,
    "\0",
    "channels",
    "roles",
    "announce",
    "pace",
)
VALUES = ([], ["x"], ["9" * 30], ["0"], ["-1"], ["1000:1"], ["9" * 5000], ["²"])
ENTRY = "---\nid: piece\ntitle: A piece\n---\nA sentence."
OPTIONS = {
    "/ask": {"question": QUESTION},
    "/timeline": {"topic": QUESTION},
    "/entry": {"title": "consortium"},
    "/corpus remove": {"entry": "consortium"},
    "/corpus why": {"link": "https://discord.com/channels/1/2/3"},
    "/corpus refresh": {"dry_run": True},
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


def act(world, what, user, channel, owners, token):
    """Use a command, or press, choose or send something of the bot's: right in itself, whoever does it."""
    discord, about = world.discord, {"owners": owners}
    under = world.message_in(channel)
    if not what.startswith("fn:"):
        about["target"] = None if what.startswith("/") else under
        options = OPTIONS.get(what, {})
        return forged_command(discord, what.removeprefix("/"), options, user, channel, **about)
    values = {"fn:page": ["consortium"], "fn:set": ["private"], "fn:gap": ["0" * 32]}.get(what)
    pages = dict.fromkeys(("fn:gap", "fn:gaps", "fn:sources", "fn:browse"), "1")
    argument = (pages | {"fn:set": "private"}).get(what, token)
    if what == "fn:added":
        return forged_form(discord, under, f"{what}:{token}", {"text": ENTRY}, user, **about)
    return forged_press(discord, under, f"{what}:{argument}", user, values=values, **about)


@pytest.mark.parametrize("name", table.WORLDS)
@pytest.mark.asyncio
async def test_everybody_may_do_what_the_table_says(name, monkeypatch, tmp_path, prepared):
    wrong = []
    async with world(name, monkeypatch, tmp_path, prepared) as made:
        for place, shared in made.places.items():
            for who, user in made.people.items():
                channel = shared or made.discord.dm(user)
                owners = {"1": str(user.id)} if "one's own" in place.name else owners_in(channel)
                for number, what in enumerate(table.NEEDS):
                    await made.ready_again()
                    token = f"{user.id}-{number}-{channel.id}"[-16:]
                    if what in {"fn:go", "fn:discard"}:  # as previewed in this place by this person
                        kept = (channel.guild.id if channel.guild else 0, "", ("undo", "undo"), datetime.now(UTC))
                        await made.client.store.use(lambda stored, kept=(token, *kept): stored.pending.keep(*kept))
                    before = made.started()
                    found = await made.outcome(act(made, what, user, channel, owners, token))
                    if found != table.ALLOWED:
                        assert made.started() == before, f"{what} was refused, and a job was started"
                        if what in {"fn:go", "fn:discard"}:
                            assert await made.client.store.use(lambda stored, token=token: stored.pending.get(token)), (
                                f"{what} was refused, and is gone"
                            )
                    if found != (wanted := table.expected(what, who, place)):
                        wrong.append(f"{place.name}: {who}: {what}: {found!r}, not {wanted!r}")
    assert not wrong, "\n".join([f"{len(wrong)} cells are wrong", *wrong])


@pytest.mark.asyncio
async def test_the_table_has_all_that_the_bot_offers(monkeypatch, tmp_path, prepared):
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        tree = made.client.tree
        offered = {f"/{c.qualified_name}" for c in tree.walk_commands() if not getattr(c, "commands", None)}
        for kind in (2, 3):
            offered |= {menu.name for menu in tree.get_commands() if menu.to_dict(tree)["type"] == kind}
        pressed = {f"fn:{action}" for action in made.client._presses}
    of_answers = {f"fn:{action}" for action in table.ACTIONS}
    assert offered | pressed == set(table.NEEDS) | of_answers | {"fn:cancel"}


# The buttons of an answer


class Answered:
    """An answer that somebody was given: its message, and the id that its buttons carry."""

    def __init__(self, message):
        self.message = message
        self.id = next(c["custom_id"] for c in message.parts() if c["type"] == 2).rpartition(":")[2]


async def answered(world, answer, asker, channel):
    """Ask, and wait until the bot knows where its answer stands."""
    await world.ready_again()
    private = answer in {table.PRIVATE, table.SHARED}
    options = {"question": QUESTION, "private": private}
    handle = await world.discord.slash("ask", options, user=asker, channel=channel)
    message = await handle.answered(SOON)
    if answer == table.SHARED:
        message = await (await world.discord.press(message, "Share", asker)).answered()
    made = Answered(message)
    for _ in range(500):
        kept = await world.client.store.use(lambda stored: stored.answers.get(made.id))
        if kept.message == message.id:
            return made
        await asyncio.sleep(0.01)
    raise AssertionError(kept)


def press_answer(world, action, answer, under, user):
    field = {"reason": {"reason": "wrong"}, "followed": {"question": QUESTION}}.get(action)
    if field:
        return forged_form(world.discord, under, f"fn:{action}:{answer.id}", field, user)
    return forged_press(world.discord, under, f"fn:{action}:{answer.id}", user)


@pytest.mark.parametrize("answer", table.ANSWERS)
@pytest.mark.asyncio
async def test_an_answers_buttons_serve_where_it_stands_alone(answer, monkeypatch, tmp_path, prepared):
    wrong = []
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        discord = made.discord
        home, other, alone = discord.guilds[0], discord.guilds[3], discord.guilds[1]
        asker = discord.add_user("asker")
        people = {
            table.ASKER: asker,
            table.MEMBER: made.people["member"],
            table.MANAGER: made.people["moderator"],
        }
        its_channel = discord.dm(asker) if answer == table.DIRECT else home.channel
        apart = home.add_channel("apart")
        asked = await answered(made, answer, asker, its_channel)
        for presser, user in people.items():
            places = {
                table.BESIDE: its_channel,
                table.CHANNEL: apart,
                table.SERVER: other.channel,
                table.COMMANDS: alone.channel,
                table.DM: discord.dm(user),
            }
            for under in (one for one in table.UNDER if table.is_possible(answer, presser, one)):
                for action in table.ACTIONS:
                    await made.ready_again()
                    if asked.message.deleted:
                        asked = await answered(made, answer, asker, its_channel)
                    message = asked.message if under == table.OWN else made.message_in(places[under])
                    found = await made.outcome(press_answer(made, action, asked, message, user))
                    wanted = table.expected_of_answer(answer, action, presser, under)
                    if found != wanted:
                        wrong.append(f"{action} by {presser} under {under}: {found!r}, not {wanted!r}")
    assert not wrong, "\n".join([f"{len(wrong)} cells are wrong", *wrong])


# Work that goes on


@pytest.mark.asyncio
async def test_work_is_cancelled_from_the_server_that_started_it(monkeypatch, tmp_path, prepared):
    wrong = []
    async with world("servers are named", monkeypatch, tmp_path, prepared, "exec sleep 60") as made:
        discord, home = made.discord, made.discord.guilds[0].channel
        people = {"who started it": discord.add_user("starter", MODERATOR), **made.people}
        starter = people["who started it"]
        job = None
        for place, shared in made.places.items():
            for who, user in people.items():
                if made.client.jobs.running is not job or job is None or job.cancelled:
                    await made.ready_again()
                    await (await discord.slash("corpus refresh", user=starter, channel=home)).answered()
                    job = made.client.jobs.running
                channel = shared or discord.dm(user)
                owners = {"1": str(user.id)} if "one's own" in place.name else owners_in(channel)
                under = made.message_in(channel)
                press = forged_press(discord, under, f"fn:cancel:{job.id}", user, owners=owners)
                found = await made.outcome(press)
                if found != (wanted := table.expected_of_cancel(who, place)) or job.cancelled != (found == "allowed"):
                    wrong.append(f"{place.name}: {who}: {found!r}, not {wanted!r}")
    assert not wrong, "\n".join([f"{len(wrong)} cells are wrong", *wrong])


@pytest.mark.asyncio
async def test_what_was_previewed_in_one_server_is_neither_applied_nor_discarded_in_another(
    monkeypatch, tmp_path, prepared
):
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        discord, client, user = made.discord, made.client, made.people["moderator"]
        home, other = discord.guilds[0], discord.guilds[3]
        client.settings = client.settings.model_copy(update={"discord_servers": frozenset({home.id, other.id})})
        await client.store.use(
            lambda stored: stored.pending.keep("order", home.id, "", ("undo", "undo"), datetime.now(UTC))
        )
        for action in ("go", "discard"):
            press = forged_press(discord, made.message_in(other.channel), f"fn:{action}:order", user)
            assert "applied or discarded already" in (await press.answered()).content
        press = forged_press(discord, made.message_in(home.channel), "fn:discard:order", user)
        await press.answered()
        await discord.until(lambda: [told.content for told in press.followups] == ["Discarded. Nothing was changed."])
        assert made.started() == 0


# Whatever stands in a custom_id


@pytest.mark.asyncio
async def test_no_argument_and_no_choice_breaks_anything(monkeypatch, tmp_path, prepared, caplog):
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        channel, user = made.discord.guilds[0].channel, made.people["moderator"]
        for action in made.client._presses:
            for argument in HOSTILE:
                for values in VALUES if action in {"set", "gap", "page"} else (None,):
                    await made.ready_again()
                    custom_id = f"fn:{action}:{argument}"
                    press = forged_press(made.discord, made.message_in(channel), custom_id, user, values=values)
                    await made.outcome(press)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


# Which servers there are


@pytest.mark.asyncio
async def test_a_server_that_threw_the_bot_out_meanwhile_counts_no_more(monkeypatch, tmp_path, prepared):
    async with world("two servers, each on its shard", monkeypatch, tmp_path, prepared) as made:
        discord, user = made.discord, made.people["moderator"]
        home, other = discord.guilds[0], discord.guilds[3]

        async def tried(guild):
            await made.ready_again()
            handle = forged_command(discord, "corpus refresh", {}, user, guild.channel)
            return await made.outcome(handle)

        assert await tried(home) == table.NOT_NAMED
        await discord.close_gateways(4009, forget=True)
        await discord.disconnected()
        discord.remove_guild(other)
        await discord.connected()
        await discord.until(lambda: len(made.client.guilds) == 1, SOON, "It still counts")
        assert await tried(home) == table.ALLOWED
        assert await tried(other) == table.NO_MEMBER


# What is told of other servers


@pytest.mark.asyncio
async def test_who_works_elsewhere_is_told_there_alone(monkeypatch, tmp_path, prepared):
    async with world("servers are named", monkeypatch, tmp_path, prepared, "exec sleep 60") as made:
        discord, user = made.discord, made.people["moderator"]
        home, other = discord.guilds[0].channel, discord.guilds[3].channel
        started = await discord.slash("corpus refresh", {"source": "secret-plan"}, user=user, channel=home)
        await started.answered()
        told = [await (await discord.slash("corpus status", user=user, channel=c)).answered() for c in (home, other)]
        assert "At work: refresh of secret-plan, started by mo" in told[0].content
        assert "Work is going on." in told[1].content
        assert "secret" not in told[1].content
        assert "mo" not in told[1].content.split()
        made.client.jobs.running.kill()


@pytest.mark.asyncio
async def test_why_an_answer_is_so_costs_those_who_keep_no_corpus_a_question(monkeypatch, tmp_path, prepared):
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        discord, user = made.discord, made.people["moderator"]
        for channel, refused in ((discord.guilds[0].channel, 0), (discord.guilds[3].channel, 2)):
            asked = await answered(made, table.PUBLIC, user, channel)
            await made.ready_again()
            told = []
            for _ in range(7):
                handle = await discord.menu("Why This Answer", asked.message, user=user)
                told.append((await handle.answered(SOON)).content)
            assert sum("asked often enough" in said for said in told) == refused


@pytest.mark.parametrize("answer", [table.PUBLIC, table.PRIVATE])
@pytest.mark.asyncio
async def test_an_answer_whose_place_was_never_kept_is_known_by_its_buttons(answer, monkeypatch, tmp_path, prepared):
    async with world("servers are named", monkeypatch, tmp_path, prepared) as made:
        discord, asker = made.discord, made.people["member"]
        channel = discord.guilds[0].channel
        asked = await answered(made, answer, asker, channel)
        kept = await made.client.store.use(lambda stored: stored.answers.get(asked.id))
        await made.client.store.use(lambda stored: stored.answers.keep(replace(kept, message=None)))
        assert await made.outcome(await discord.press(asked.message, "Evidence", asker)) == table.ALLOWED
        for action in ("evidence", "delete"):
            elsewhere = press_answer(made, action, asked, made.message_in(channel), asker)
            assert await made.outcome(elsewhere) in {table.NOT_KEPT, table.NOT_YOURS}
