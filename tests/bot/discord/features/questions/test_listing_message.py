"""What a member reads where nothing is quoted: small talk, and lists from the record."""

import pytest
from build import entry
from markup import live

from bot.discord.components import listing_buttons
from bot.discord.features.questions.listing_message import listing_message
from bot.discord.features.questions.message import Heading
from bot.discord.messages.question_lines import asked_in
from bot.text import size
from corpus import Answer, Counted, Filters, Listing, QuestionKind, Related, Source, Timings, parse_filters
from tests.bot.discord.test_markdown import HOSTILE

SOURCES = {"interconnects": Source("interconnects", "Interconnects", 2, piece="essay")}
QUESTION = "list all essays from June"


def message(listing, outcome="listed", kind=QuestionKind.ENTRIES, question=QUESTION):
    nothing = Timings(0, 0, 0, 0)
    answer = Answer(
        question, outcome, 0.0, (), (), Related(), (), nothing, 1, sources=SOURCES, listing=listing, kind=kind
    )
    return listing_message(answer, Heading(question, question, Filters()))


def test_a_list_names_how_many_there_are_and_how_to_see_the_rest():
    listing = Listing(
        "12 entries of June 2026; the newest ten:", (entry(),), total=12, filters=parse_filters("2026-06", "2026-06")
    )
    assert message(listing) == (
        "-# Question: list all essays from June\n"
        "12 entries of June 2026; the newest ten:\n"
        "- [The gap](<https://example.org/gap>) · Nathan Lambert · Interconnects · <t:1780315200:D> · "
        "commentary, tier 2\n"
        "-# 11 more: /browse since:2026-06-01 until:2026-06-30"
    )


def test_counts_stand_below_the_line():
    shown = message(Listing("2 sources:", counts=(Counted("The Paper", 1200), Counted("A *Herald*", 3)), total=2))
    assert shown.endswith("2 sources:\n- The Paper: 1,200\n- A \\*Herald\\*: 3")


def test_small_talk_repeats_no_question_and_so_is_no_context():
    shown = message(Listing("Hello!", examples=("What is “X” about?",)), "talk", QuestionKind.GREETING, "hi")
    assert shown == "Hello!\nFor example:\n- What is “X” about?"
    assert asked_in(shown) is None


@pytest.mark.parametrize("title", [*HOSTILE, "*_" * 150, "a" * 300])
def test_any_list_fits_and_is_harmless(title):
    listed = tuple(entry(id=str(n), title=title, url="https://example.org/" + "a" * 380) for n in range(10))
    shown = message(Listing(title, listed, (Counted(title, 1),), 30, Filters(person=title), (title,)))
    assert size(shown) <= 2000
    assert live(shown) <= live(message(Listing("a", (entry(url="https://example.org/" + "a" * 380),), total=1)))


@pytest.mark.parametrize(
    ("private", "follow", "labels"),
    [
        (False, True, ["Follow up", "Delete"]),
        (True, True, ["Follow up"]),
        (False, False, ["Delete"]),
        (True, False, []),
    ],
)
def test_a_list_has_a_menu_of_its_entries_and_no_evidence(private, follow, labels):
    made = listing_buttons("id", [entry()], private=private, follow=follow)
    assert [getattr(item, "label", None) for item in made.children if getattr(item, "label", None)] == labels
    menus = [item for item in made.children if hasattr(item, "options")]
    assert [option.label for option in menus[0].options] == ["The gap"]
