"""The buttons and menus under our messages. They hold no state: a custom_id says it all, so they outlive a restart.

A view is stopped before it is sent: the library would keep each one in memory for ever, waiting for presses that come
to `client.on_interaction` anyway.
"""

from collections.abc import Callable, Sequence

import discord
from discord import ui

from bot.text import plain, shorten, size
from corpus import Entry, Filters, parse_filters

LONGEST_OPTION = 100  # characters of a menu's label or value
MOST_OPTIONS = 25
SECONDARY, DANGER, SUCCESS = discord.ButtonStyle.secondary, discord.ButtonStyle.danger, discord.ButtonStyle.success


def custom_id(action: str, argument: str = "") -> str:
    return f"fn:{action}:{argument}"


def button(
    label: str | None,
    action: str,
    argument: str,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = SECONDARY,
    row: int = 0,
) -> ui.Button[ui.View]:
    return ui.Button(label=label, emoji=emoji, style=style, custom_id=custom_id(action, argument), row=row)


def view(*items: ui.Item[ui.View]) -> ui.View:
    """A view of these items, ready to be sent."""
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    made.stop()
    return made


def answer_buttons(answer_id: str, *, covered: bool, related: bool, private: bool, threads: bool) -> ui.View:
    """The buttons of an answer. `threads`: whether a thread can be opened here."""
    items = []
    if covered:
        items.append(button("Evidence", "evidence", answer_id, emoji="🔎"))
    if related:
        items.append(button("Related", "related", answer_id, emoji="📚"))
    items += [button(None, "up", answer_id, emoji="👍"), button(None, "down", answer_id, emoji="👎")]
    if private:
        items.append(button("Share", "share", answer_id, emoji="📣", row=1))
    items.append(button("Follow up", "follow", answer_id, emoji="💬", row=1))
    if threads and not private:
        items.append(button("Ask in thread", "thread", answer_id, emoji="🧵", row=1))
    if not private:  # last, and in the shorter row: a phone has room for four buttons in one
        items.append(button("Delete", "delete", answer_id, emoji="🗑️", style=DANGER, row=1))
    return view(*items)


def listing_buttons(answer_id: str, entries: Sequence[Entry], *, private: bool, follow: bool) -> ui.View:
    """What stands under a list, or under small talk: a menu of the entries; there is no quote to be checked."""
    made = entry_menu(entries, "Choose an entry to see its page")
    if follow:
        made.add_item(button("Follow up", "follow", answer_id, emoji="💬", row=1))
    if not private:
        made.add_item(button("Delete", "delete", answer_id, emoji="🗑️", style=DANGER, row=1))
    return made


def entry_menu(entries: Sequence[Entry], placeholder: str) -> ui.View:
    """A menu that leads to each entry's page."""
    options = [
        discord.SelectOption(
            label=shorten(plain(entry.title), LONGEST_OPTION) or entry.id[:LONGEST_OPTION],
            value=entry.id,
            description=shorten(f"{entry.kind} · {entry.published.isoformat()} · {entry.source}", LONGEST_OPTION),
        )
        for entry in entries
        if size(entry.id) <= LONGEST_OPTION
    ]
    if not options:  # Discord takes no menu without a choice
        return view()
    return view(ui.Select(placeholder=placeholder, options=options[:MOST_OPTIONS], custom_id=custom_id("page")))


def question_modal(answer_id: str) -> ui.Modal:
    modal = ui.Modal(title="Follow up", custom_id=custom_id("followed", answer_id))
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.short, custom_id="question", max_length=300, placeholder="and what about …?"
    )
    modal.add_item(
        ui.Label(text="Your question", description="The question before counts as context.", component=field)
    )
    modal.stop()
    return modal


def reason_modal(answer_id: str) -> ui.Modal:
    modal = ui.Modal(title="What was wrong with it?", custom_id=custom_id("reason", answer_id))
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        style=discord.TextStyle.paragraph, custom_id="reason", max_length=500, required=False
    )
    modal.add_item(
        ui.Label(text="Reason (optional)", description="Your 👎 counts with or without one.", component=field)
    )
    modal.stop()
    return modal


def browse_buttons(entries: Sequence[Entry], page: int, pages: int, argument: Callable[[int], str]) -> ui.View:
    """A menu of the entries of a page, and below it the ways to other pages."""
    made = entry_menu(entries, "Choose an entry to see its page")
    if pages == 1:
        return made
    for label, target in (("First", 1), ("Back", page - 1), (f"{page} of {pages}", page), ("Next", page + 1)):
        # A custom_id stands once in a message, so the label is part of it.
        turn = button(label, "browse", f"{argument(target)}|{label[:1]}", row=1)
        turn.disabled = not 1 <= target <= pages or target == page
        made.add_item(turn)
    return made


def turns(action: str, page: int, pages: int) -> list[ui.Button[ui.View]]:
    """The ways to the pages before and behind; none where there is one page alone."""
    made = []
    for label, target in [("Back", page - 1), ("Next", page + 1)] if pages > 1 else []:
        turn = button(label, action, f"{target}|{label[:1]}", row=1)
        turn.disabled = not 1 <= target <= pages
        made.append(turn)
    return made


def page_of(argument: str) -> int:
    """The page that `turns` wrote; the first, for what it did not write."""
    number = argument.partition("|")[0]
    return max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1  # noqa: PLR2004


def write_browse(page: int, filters: Filters) -> str:
    """A page and its filters in at most 88 characters, so that the button needs nobody's memory."""
    days = [day.strftime("%Y%m%d") if day else "" for day in (filters.since, filters.until)]
    kind = filters.kind or ""
    return "|".join([str(page), *days, (filters.source or "")[:30], (filters.person or "")[:30], kind[:1]])


def read_browse(argument: str) -> tuple[int, Filters]:
    """What `write_browse` wrote. Raises FilterRefused for what it did not write."""
    page, since, until, source, person, kind = ([*argument.split("|"), *[""] * 6])[:6]
    days = [f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else None for day in (since, until)]
    kinds = {"e": "event", "g": "guide"}
    filters = parse_filters(days[0], days[1], source or None, person or None, kinds.get(kind))
    return max(1, int(page) if page.isdecimal() and len(page) < 6 else 1), filters  # noqa: PLR2004
