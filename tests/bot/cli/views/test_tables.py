"""What people see of sources in a terminal of 80 columns, at each state that a source can be in."""

import re
from datetime import timedelta

import pytest
from build import title
from followed import HOSTILE, NOW, SHARES, check, report, sources
from rich.console import Console

from bot.cli.views.reports import plan_blocks, report_blocks
from bot.cli.views.sources import check_blocks, source_blocks
from bot.discord.store.answers import cited_in
from bot.source_health import ago, shares_of, span
from corpus import Check, CheckedItem, CheckStep, Plan, Rejected, SourceRead, Title


def shown(blocks, width=80):
    """The lines that a terminal of this width shows; in a pipe there is no end to it."""
    console = Console(width=width, highlight=False, force_terminal=False)
    with console.capture() as captured:
        for block in blocks:
            console.print(block)
    return [line.rstrip() for line in captured.get().splitlines()]


def block_of(lines, name):
    """The row that begins so, and what stands below it."""
    at = next(n for n, line in enumerate(lines) if line.startswith(name))
    below = []
    for line in lines[at + 1 :]:
        if not line.startswith("  "):
            break
        below.append(line.strip())
    return lines[at], " ".join(below)


def test_the_list_says_of_each_source_how_it_does_and_fits_into_80_columns():
    lines = shown(source_blocks(sources(), SHARES, NOW))
    assert max(map(len, lines)) <= 80
    row, below = block_of(lines, "Interconnects")
    assert row.split() == ["Interconnects", "read", "2", "h", "ago", "1,021", "2026-06-01", "113", "11", "62%"]
    assert below == "well · https://well.example/feed"
    row, below = block_of(lines, "Hugging Face Blog")
    assert "failing 5 d" in row
    assert "(Service Unavailable) · last read 19 November 2026, 16:30 UTC · next try in 3 h" in below
    assert block_of(lines, "A fresh one")[0].split()[3:] == ["not", "read", "yet", "0", "–", "–", "–", "0%"]
    for name, standing, said in (
        ("Closed", "closed", "says that it has ended (410) · last read 8 May 2026"),
        ("Paused", "paused", "last read 25 October 2026"),
        ("Removed", "removed", "last read 15 November 2026"),
    ):
        row, below = block_of(lines, name)
        assert standing in row
        assert said in below
    row, below = block_of(lines, "Ada")
    assert "never read yet" in below
    assert "has moved for good to https://elsewhere.example/feed" in below


def test_what_fails_stands_out_and_nothing_steers_the_terminal():
    console = Console(width=80, highlight=False, force_terminal=True, color_system="standard")
    with console.capture() as captured:
        for block in source_blocks(sources(), {}, NOW):
            console.print(block)
    row = next(line for line in captured.get().splitlines() if "Hugging Face" in line)
    assert row.startswith("\x1b[1;31m")
    assert not re.search("\x1b(?!\\[[\\d;]*m)|\u202e", captured.get())
    assert "[31m@everyone" in "".join(shown(source_blocks(sources(), {}, NOW))), "the text is there, without its escape"


def test_a_report_begins_with_the_sources_and_ends_with_the_generation():
    lines = shown(report_blocks(report()))
    assert lines[2].split(None, 2)[:2] == ["Interconnects", "read"]
    text = "\n".join(lines)
    assert "2 new, 1 changed, 16 unchanged, 1 rejected;" in text
    assert re.search(r"Hugging Face Blog +failed +answers with 503 \(Service Unavailable\); it is\n", text)
    assert re.search(r"Import AI +unchanged +nothing has changed since 23 November", text)
    assert (
        "  new      catch-up-copy  Open Models in Perpetual Catch-Up\n           is a cross-post of catch-up\n" in text
    )
    assert text.endswith("  rejected https://well.example/p/empty: holds no text of its own\n" + lines[-1])
    assert lines[-1] == "Generation 8 is committed (3 entries indexed)."
    assert "\x1b" not in text


def test_a_folder_of_refused_files_says_the_one_reason_once():
    """127 lines of it would hide what else was refused."""
    lacks = (
        "does not say when it was published; write published: 2026-06-01 into front matter, or into {}.yaml beside it"
    )
    refused = [Rejected(f"/posts/{n:03}.txt", lacks.format(f"{n:03}.txt")) for n in range(127)]
    others = [Rejected("/posts/x.pdf", "is locked with a password; save it without one")]
    lines = shown(plan_blocks(Plan((), (), (), (*refused, *others))), width=400)
    assert [line.split(maxsplit=1)[1] for line in lines] == [
        f"/posts/000.txt, 001.txt, 002.txt and 124 more: {lacks.format('FILE')}",
        "/posts/x.pdf: is locked with a password; save it without one",
    ]
    few = shown(plan_blocks(Plan((), (), (), tuple(refused[:3]))), width=400)
    assert [line.split(maxsplit=1)[1] for line in few] == [f"{one.where}: {one.reason}" for one in refused[:3]]


def test_an_id_and_an_address_are_whole_however_long_they_are():
    long = "the-quiet-return-of-night-trains-and-of-tram-depots-in-the-old-quarter-of-the-town"
    lines = shown(report_blocks(report(plan=Plan((title(id=long),), (), (), ()))))
    at = next(n for n, line in enumerate(lines) if line.startswith("  new"))
    assert long in "".join(line[11:] for line in lines[at : at + 2])
    item = CheckedItem("", f"https://a.example/p/{long}", "", "rejected", "is empty")
    assert item.url in "".join(line[18:] for line in shown(check_blocks(Check("a", None, (), (item,))))[3:6])


def test_of_many_sources_those_with_news_are_named_and_the_others_counted():
    quiet = [SourceRead(f"s{n}", f"Quiet {n}", "unchanged", "") for n in range(40)]
    broken = SourceRead("z", "Zebra", "failed", "cannot be reached")
    lines = shown(report_blocks(report(sources=(*quiet, broken))))
    assert any(line.startswith("Zebra") for line in lines)
    assert "  … and 21 more sources" in lines


def test_a_check_tells_its_steps_and_each_piece_with_its_reason():
    lines = shown(check_blocks(check()))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert text.startswith("Interconnects (well, tier 2)\nhttps://well.example/feed\n\n✓  robots.txt  allows it\n")
    assert "\n✗  page        https://well.example/p/x answers with 404 (Not Found)\n" in text
    assert re.search(r"new +2026-06-01  Open models in perpetual catch-up\n +https://well.example/p/catch-up\n", text)
    assert re.search(r"rejected +no day +\(no title\)\n +https\S+/empty\n +holds no text of its own\n", text)
    assert text.count("older than the 50 newest") == 1
    assert "… and 759 more like this" in text
    assert "A refresh would find: 1 new, 1 changed, 1 unchanged, 764 passed over, 1\nrejected." in text
    assert lines[-1] == "Nothing was written."


def test_a_check_that_finds_no_source_says_how_far_it_came():
    found = Check(HOSTILE, None, (CheckStep("fetch", "is a page, and names no feed", fine=False),))
    lines = shown(check_blocks(found))
    assert lines[0] == "No source was found"
    assert "✗  fetch  is a page, and names no feed" in lines
    assert lines[-2] == "A refresh would find no piece."


def test_pieces_that_are_taken_are_all_named():
    items = tuple(CheckedItem(f"Piece {n}", f"https://a.example/{n}", "2026-01-01", "new") for n in range(50))
    assert sum("Piece" in line for line in shown(check_blocks(Check("a", None, (), items)))) == 50


@pytest.mark.parametrize(
    ("seconds", "said", "long_ago"),
    [
        (0, "1 min", "just now"),
        (59, "1 min", "just now"),
        (61, "1 min", "1 min ago"),
        (3599, "1 h", "1 h ago"),
        (47 * 3600, "47 h", "47 h ago"),
        (48 * 3600, "2 d", "2 d ago"),
        (99 * 86400, "99 d", "99 d ago"),
        (100 * 86400, "100 d", "2026-08-16"),
        (-5, "1 min", "just now"),
    ],
)
def test_a_length_of_time_is_told_in_its_greatest_unit(seconds, said, long_ago):
    length = timedelta(seconds=seconds)
    assert (span(length), ago(NOW - length, NOW)) == (said, long_ago)


def test_the_share_of_citations_is_that_of_entries_which_are_there(tmp_path):
    titles = [Title("a", "A", NOW.date(), "one", "event"), Title("b", "B", NOW.date(), "two", "event")]
    assert shares_of({"a": 3, "b": 1, "gone": 9}, titles) == {"one": 0.75, "two": 0.25}
    assert shares_of({"gone": 9}, titles) == {}
    assert cited_in(tmp_path) == {}
    (tmp_path / "community.sqlite3").write_bytes(b"no database" * 100)
    assert cited_in(tmp_path) == {}
