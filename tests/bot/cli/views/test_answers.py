"""An answer that quotes nothing, as a terminal shows it."""

from build import entry

from bot.cli.views.answers import answer_blocks, entry_options
from corpus import Answer, Counted, Filters, Listing, Related, Source, Timings, parse_filters

SOURCES = {"interconnects": Source("interconnects", "Interconnects", 2, piece="essay")}


def shown(listing, outcome="listed"):
    nothing = Timings(0, 0, 0, 0)
    answer = Answer("?", outcome, 0.0, (), (), Related(), (), nothing, 1, sources=SOURCES, listing=listing)
    return [getattr(getattr(block, "renderable", block), "plain", "") for block in answer_blocks(answer)]


def test_a_list_has_titles_with_ids_links_and_the_command_for_the_rest():
    filters = parse_filters("2026-06", person="Nathan Lambert")
    assert shown(Listing("12 entries; the newest ten:", (entry(),), total=12, filters=filters)) == [
        "12 entries; the newest ten:",
        "",
        "The gap  gap",
        "Nathan Lambert · Interconnects · 1 June 2026 · commentary, tier 2",
        "https://example.org/gap",
        "",
        "11 more: footnote entries --since 2026-06-01 --person 'Nathan Lambert'",
    ]


def test_counts_and_small_talk():
    assert shown(Listing("2 sources:", counts=(Counted("The Paper", 1200),), total=2)) == [
        "2 sources:",
        "The Paper: 1,200",
        "",
        "1 more.",
    ]
    assert shown(Listing("12 entries.", total=12, filters=Filters())) == [
        "12 entries.",
        "",
        "To see them: footnote entries",
    ]
    assert shown(Listing("Hello!", examples=("Why?",)), "talk") == ["Hello!", "", "For example:", "Why?"]


def test_a_filter_from_outside_is_one_word_of_the_command():
    assert entry_options(Filters(person="O'Neil; rm -rf ~")) == """ --person 'O'"'"'Neil; rm -rf ~'"""
