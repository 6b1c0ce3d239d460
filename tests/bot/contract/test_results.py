"""The JSON contract: exactly the documented keys, in values that JSON has."""

import json
import re
import unicodedata
from pathlib import Path

import followed
import pytest

from bot import files
from bot.cli import console
from bot.contract import schema
from bot.contract.events import Failure, Progress, Waiting, event_json, parse_event
from bot.contract.results import (
    answer_json,
    changes_of,
    check_json,
    health_json,
    hits_json,
    page_json,
    record_json,
    report_json,
    run_json,
    status_json,
)
from bot.contract.source_exports import DescribedSource, ListedPiece, RememberedState
from bot.text import json_text
from corpus import FileRefused

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "json.md").read_text(encoding="utf-8")
ENTRY = {"id", "title", "url", "source", "tier", "kind", "people", "published", "access", "wording"}


@pytest.fixture
def shelf(toy):
    toy.refresh()
    return toy


def documented(heading):
    """The keys that the documentation shows in the first block below a heading."""
    block = re.search(rf"^## {heading}.*?```\n(.*?)```", DOCS, flags=re.DOTALL | re.MULTILINE)[1]
    return set(re.findall(r'"(\w+)"', block))


def check_entry(entry):
    assert set(entry) == ENTRY
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["published"])
    assert entry["url"] is None or entry["url"].startswith("https://")
    assert all(set(person) == {"name", "role"} for person in entry["people"])


def test_a_source_in_an_export_is_documented():
    keys = {"footnote_source", "source", "state", "seen"}
    for shape in (DescribedSource, RememberedState, ListedPiece):
        keys |= set(shape.__dataclass_fields__)
    assert documented("exported source") == keys


def test_entry_is_documented():
    assert documented("entry") == ENTRY | {"name", "role"}


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("Will open models catch up with closed models?", False),
        ("Do compounding horses win races in summer?", True),
        ("What do horses in China cost?", False),
    ],
)
def test_answer(shelf, question, near):
    answer = json.loads(json.dumps(answer_json(shelf.ask(question))))
    assert set(answer) == {
        *("question", "covered", "confidence", "sentences", "citations", "related", "nearest", "timings_ms"),
        *("generation", "understood", "notes", "near", "passing", "outcome", "listing", "kind", "contract"),
    }
    assert documented("answer") == set(answer) | {
        *("text", "number", "entry", "quote", "start", "end", "passage", "section", "guides", "events"),
        *("speaker", "highlights", "embed", "search", "compose", "total"),
        *("line", "entries", "counts", "name", "examples"),
    }
    assert set(answer["timings_ms"]) == {"embed", "search", "compose", "total"}
    assert 0 <= answer["confidence"] <= 1
    assert answer["covered"] == (answer["outcome"] == "answered")
    assert bool(answer["sentences"]) == (answer["outcome"] in {"answered", "closest"})
    assert bool(answer["near"]) == near
    assert [c["entry"] for c in answer["near"]] == answer["nearest"]
    assert [c["number"] for c in answer["near"]] == list(range(1, len(answer["near"]) + 1))
    assert answer["passing"] == 12
    numbers = {}
    for sentence, citation in zip(answer["sentences"], answer["citations"], strict=True):
        assert set(sentence) == {"text", "citations"}
        assert sentence["citations"] == [citation["number"]]
        assert numbers.setdefault(citation["entry"]["id"], citation["number"]) == citation["number"]
    for citation in (*answer["citations"], *answer["near"]):
        assert set(citation) == {
            *("number", "entry", "quote", "start", "end", "passage", "section", "kind", "speaker", "highlights")
        }
        assert all(citation["start"] <= h["start"] < h["end"] <= citation["end"] for h in citation["highlights"])
        text = page_json(shelf.page(citation["entry"]["id"]))["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["quote"] in citation["passage"]
        check_entry(citation["entry"])
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    for entry in (*answer["nearest"], *answer["related"]["guides"], *answer["related"]["events"]):
        check_entry(entry)


def test_an_answer_of_small_talk(shelf):
    answer = json.loads(json.dumps(answer_json(shelf.ask("hello!"))))
    assert (answer["outcome"], answer["kind"], answer["covered"], answer["confidence"]) == (
        "talk",
        "greeting",
        False,
        0,
    )
    assert set(answer["listing"]) == {"line", "entries", "counts", "total", "examples"}
    assert (answer["sentences"], answer["citations"], answer["nearest"]) == ([], [], [])


def test_hits(shelf):
    found = json.loads(json.dumps(hits_json("distillation", shelf.search("distillation", 7))))
    assert set(found) == {"question", "hits", "contract"}
    assert len(found["hits"]) == 7
    assert documented("hits") == {*found, *found["hits"][0]}
    assert [h["score"] for h in found["hits"]] == sorted((h["score"] for h in found["hits"]), reverse=True)
    for hit in found["hits"]:
        assert shelf.page(hit["entry"]).entry.text[hit["start"] : hit["end"]] == hit["text"]


def test_page(shelf):
    page = json.loads(json.dumps(page_json(shelf.page("different-exponentials"))))
    own = {"language", "licence", "summary", "text", "sections", "blocks", "related", "copies", "contract"}
    assert set(page) == ENTRY | own
    assert documented("page") == {
        *own,
        *("start", "end", "kind", "speaker", "title", "guides", "events"),
    }
    assert page["copies"] == []
    assert (len(page["related"]["guides"]), len(page["related"]["events"])) == (3, 8)


def test_report_and_status(shelf, tmp_path):
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    report = json.loads(json.dumps(report_json(shelf.refresh([tmp_path / "bad.jsonl"]))))
    read = json.loads(json.dumps(report_json(followed.report())))
    of_lists = {key for name in ("rejected", "sources", "duplicates") for key in read[name][0]}
    assert documented("report") == set(report) | of_lists
    assert report["rejected"][0]["where"].endswith("bad.jsonl:1")
    assert documented("status") == set(json.loads(json.dumps(status_json(shelf.status()))))


def test_sources_and_checks():
    told = [json.loads(json.dumps(health_json(health, 0.123456))) for health in followed.sources()]
    assert {frozenset(one) for one in told} == {frozenset(documented("source"))}
    failing = next(one for one in told if one["slug"] == "failing")
    assert (failing["failing_since"], failing["cited"]) == ("2026-11-19T18:30:00+00:00", 0.1235)
    check = json.loads(json.dumps(check_json(followed.check())))
    [item, *_] = check["items"]
    assert documented("check") == {*check, *check["steps"][0], *item, *item["text"]}


def test_what_a_command_gives_as_one_object_says_the_version_of_the_contract(shelf):
    report = changes_of(followed.report())
    given = [
        answer_json(shelf.ask("Will open models catch up?")),
        hits_json("distillation", shelf.search("distillation", 1)),
        page_json(shelf.page("different-exponentials")),
        report_json(followed.report()),
        event_json(report),
        check_json(followed.check()),
        status_json(shelf.status()),
    ]
    assert {one["contract"] for one in given} == {schema.CONTRACT}
    assert f'`"contract": {schema.CONTRACT}`' in DOCS


def test_what_is_written_is_read_back_and_written_the_same(shelf):
    """One schema: no key that is written is unknown to it, and none comes back as another value."""
    page = shelf.page("different-exponentials")
    told = [
        *(
            (schema.Answer, answer_json(shelf.ask(question)))
            for question in ("Will open models catch up?", "Xylophone?")
        ),
        (schema.Hits, hits_json("distillation", shelf.search("distillation", 7))),
        (schema.Page, page_json(page)),
        (schema.Record, record_json(page.entry)),
        (schema.Report, report_json(followed.report(undone="the refresh by Ada", undoes=3, saved_plan="a" * 64))),
        *((schema.Health, health_json(health, cited)) for health in followed.sources() for cited in (None, 0.5)),
        (schema.Check, check_json(followed.check())),
        *((schema.Run, run_json(run)) for run in shelf.history(5)),
        (schema.Status, status_json(shelf.status())),
    ]
    for shape, value in told:
        read = schema.read(shape, json.loads(json_text(value)), "It", "value")
        assert schema.written(read) == {key: part for key, part in value.items() if key != "contract"}


def test_the_lines_of_a_change_are_read_back_as_they_were():
    report = changes_of(followed.report())
    for event in (Progress("read", 1, 2, "größe", 1.5), report, Failure("It failed.", 3), Waiting(None)):
        assert parse_event(json_text(event_json(event)).encode()) == event


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        (schema.Report, {"committed": True}, "(dry_run: Field required)"),
        (schema.Report, {"dry_run": False, "committed": True, "indexed": -1}, "(indexed: Input should be greater"),
        (schema.Report, {"dry_run": False, "committed": True, "rejected": ["x"]}, "(rejected.0: Input should be"),
        (schema.Entry, {"id": "x", "published": "soon"}, "(title: Field required)"),
        (schema.Report, [], "(: Input should be"),
    ],
)
def test_a_strange_value_is_refused_with_the_key_that_is_wrong(shape, value, said):
    with pytest.raises(FileRefused, match=r"^report\.json is no whole report") as refused:
        schema.read(shape, value, "report.json", "report")
    assert said in str(refused.value)


# Backwards, so that no half of a surrogate pair stands before its other half.
UNSEEN = [c for c in map(chr, range(0x10FFFF, -1, -1)) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@pytest.mark.parametrize("indent", [2, None])
def test_json_on_a_terminal_steers_nothing_hides_nothing_and_is_the_same_value(capsys, indent):
    value = {"title": "".join(UNSEEN), "\x9b31m": ["\u202egnp.exe", "\u3164", "é 語 한국어 עברית 🔎"]}
    console.show_json(value, indent)
    told = capsys.readouterr().out
    assert json.loads(told) == value
    assert not set(told) & {*UNSEEN, "\u3164"} - {"\n"}
    assert "é 語 한국어 עברית 🔎" in told, "what can be read stays readable"
    assert "\\u009b31m" in told
    assert told.encode()


def test_exported_lines_steer_nothing_and_are_the_same_values(tmp_path):
    value = {"title": "".join(UNSEEN), "text": "é 語"}
    files.write_lines(tmp_path / "all.jsonl", [value, value])
    told = (tmp_path / "all.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line) for line in told.splitlines()] == [value, value]
    assert not set(told) & set(UNSEEN) - {"\n"}
    assert "é 語" in told
