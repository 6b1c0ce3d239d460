"""`footnote eval` as a maintainer and a script meet it: the shipped corpus, the real stores, the toy model."""

import json
import re
from pathlib import Path

import pytest
from fakes import ToyEmbedder
from prose import Writer
from typer.testing import CliRunner

import corpus.library
from bot.cli import app
from bot.cli.open_corpus import explain
from corpus import CorpusSettings, ModelUnusable, make_stubs, open_corpus
from corpus.index.chunking import split_sentences

ROOT = Path(__file__).resolve().parents[3]
GAP = "For the capability gap between open and closed models, the essay gives a figure of 6 to 18 months."
QUESTIONS = [
    {"id": "gap", "kind": "fact", "question": GAP, "quotes": [{"entry": "next-phase", "text": GAP}]},
    {
        "id": "lag",
        "question": f"And {GAP}",
        "earlier": ["Why?"],
        "quotes": [{"entry": "next-phase", "text": "Market dynamics"}],
    },
    {"id": "bread", "kind": "far", "question": "How do I bake sourdough bread?", "quotes": []},
    {
        "id": "ranked",
        "kind": "order",
        "question": GAP,
        "relevant": {"next-phase": 2, "consortium": 1},
        "until": "2026-12",
    },
    {"id": "stub", "question": "", "quotes": []},
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the shipped corpus, embedded by the toy model."""
    folder = tmp_path_factory.mktemp("eval") / "data"
    with open_corpus(CorpusSettings(data_dir=folder), ToyEmbedder()) as made:
        made.refresh()
    return folder


@pytest.fixture(autouse=True)
def _toy(monkeypatch, data):
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    monkeypatch.setattr(corpus.library, "make_embedder", lambda *_, **__: ToyEmbedder())


def footnote_eval(*words, code=0, stdin=None):
    """What the command prints; an error is a sentence with a code, as `main` makes it one."""
    done = CliRunner().invoke(app.app, ["eval", *map(str, words)], input=stdin)
    ended = (
        explain(done.exception)[1] if done.exception and not isinstance(done.exception, SystemExit) else done.exit_code
    )
    assert ended == code, (done.output, done.exception)
    done.said = f"{done.output} {done.exception}" if done.exception else done.output
    return done


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def questions(tmp_path):
    return write(tmp_path / "questions.jsonl", QUESTIONS)


def test_another_model_is_measured_beside_the_index_in_use(questions, report, data, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = {path: path.stat().st_mtime_ns for path in (data / "index").rglob("*")}

    def make(name, *_, **__):
        return ToyEmbedder(name, fingerprint=name)

    monkeypatch.setattr(corpus.library, "make_embedder", make)
    done = footnote_eval(questions, "--model", "other/toy", "--against", report)
    assert re.search(r"\d+ passages were indexed with other/toy in [\d.]+ s", done.said)
    assert "12 entries" in done.said
    assert {path: path.stat().st_mtime_ns for path in (data / "index").rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("footnote-eval")] == []


def test_a_model_that_cannot_be_loaded_leaves_nothing_behind(questions, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    def fail(reason):
        raise ModelUnusable(reason)

    missing = ToyEmbedder("no/such")
    monkeypatch.setattr(missing, "embed_question", lambda _: fail("The model no/such cannot be loaded."))
    monkeypatch.setattr(corpus.library, "make_embedder", lambda *_, **__: missing)
    assert "no/such cannot be loaded" in footnote_eval(questions, "--model", "no/such", code=6).said
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("footnote-eval")] == []


@pytest.fixture
def report(questions, tmp_path):
    place = tmp_path / "report.json"
    place.write_text(footnote_eval(questions, "--json").stdout, encoding="utf-8")
    return place


# The figures


def test_a_person_sees_kinds_coverage_speed_and_the_worst(questions):
    shown = footnote_eval(questions, "--worst", 1).stdout
    assert shown.startswith("4 questions of 12 entries")
    assert "1 line is still to be filled in." in shown
    for row in (
        r"fact +1 +100% ",
        r"far +1 ",
        r"all +4 ",
        r"95% ",
        r"AUROC of the confidence +3 ",
        r"embed ",
        r"total ",
    ):
        assert re.search(f"^{row}", shown, flags=re.MULTILINE), (row, shown)
    assert shown.count("known   ") == 1
    assert "The worst" not in footnote_eval(questions, "--worst", 0).stdout


def test_the_report_holds_exactly_the_documented_keys(report, questions):
    floors = write(report.parent / "floors.json", [{"right": 2}])
    with questions.open("a", encoding="utf-8") as file:
        file.write("no JSON\n")
    told = json.loads(footnote_eval(questions, "--json", "--against", report, "--floors", floors, code=3).stdout)
    docs = (ROOT / "docs/eval.md").read_text(encoding="utf-8")
    block = re.search(r"^## The report.*?```\n(.*?)```", docs, flags=re.DOTALL | re.MULTILINE)[1]
    assert keys(told) - {"gap", "lag"} == set(re.findall(r'"(\w+)"', block))
    assert all(f"`{name}`" in docs for name in told["figures"])
    assert told["questions"] == len(told["judged"]) == 4
    assert told["figures"]["coverage.auroc"]["n"] == 3
    assert told["missed"][0]["sentence"].endswith("below its floor of 2.000.")


def keys(value):
    """All keys of a report, but for names of figures, kinds and stages."""
    if isinstance(value, list):
        return {key for one in value for key in keys(one)}
    if not isinstance(value, dict):
        return set()
    own = {key for key in value if not re.search(r"\.|^(right|fact|far|order)$", key) or "low" in value}
    return own | {key for one in value.values() for key in keys(one)}


def test_questions_come_from_a_pipe(questions):
    told = json.loads(footnote_eval("-", "--json", stdin=questions.read_text(encoding="utf-8")).stdout)
    assert [j["id"] for j in told["judged"]] == ["gap", "lag", "bread", "ranked"]
    assert told["judged"][0]["values"]["quotes.recall"] == 1.0
    assert told["judged"][0]["quoted"][0]["text"]
    assert told["judged"][2]["known"] == []
    assert told["empty"] == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"quotes": [{"entry": "next-phase", "text": "six\x1b[31m weeks"}]},
            "The entry next-phase does not hold “six[31m weeks”",
        ),
        ({"quotes": [{"entry": "nowhere", "text": "x"}]}, "No entry has the id nowhere; `footnote entries`"),
        ({"relevant": {"nowhere": 1}}, "No entry has the id nowhere"),
        ({"source": "Gazette"}, "the choice is"),
        ({"person": "Nobody At All"}, "Nobody of that name"),
        ({"quotes": None}, 'neither "quotes" nor "relevant"'),
    ],
)
def test_what_cannot_be_asked_is_named_and_the_rest_is_judged(tmp_path, changes, said):
    place = write(tmp_path / "q.jsonl", [QUESTIONS[0], QUESTIONS[0] | {"id": "bad"} | changes])
    done = footnote_eval(place, code=3)
    assert "Not asked: line 2" in done.stderr
    assert said in done.stderr
    assert "\x1b" not in done.output
    assert done.stdout.startswith("1 question of 12 entries")
    refused = footnote_eval(place, "--floors", tmp_path / "f.json", "--write-floors", code=3)
    assert "No floors were written" in refused.said
    assert not (tmp_path / "f.json").exists()


def test_a_file_without_a_question_says_how_to_begin_one(tmp_path):
    assert "footnote eval --make" in footnote_eval(write(tmp_path / "q", QUESTIONS[4:]), code=3).said
    assert 'line 1: has no "id"' in footnote_eval(write(tmp_path / "q", [{"question": "x"}]), code=3).said
    bad = QUESTIONS[0] | {"quotes": [{"entry": "x", "text": "x"}]}
    assert "None of the questions can be asked" in footnote_eval(write(tmp_path / "q", [bad]), code=3).said
    assert "does not exist" in footnote_eval(tmp_path / "none.jsonl", code=3).said


@pytest.mark.parametrize(
    "words",
    [[], ["q", "--make", "1"], ["q", "--write-floors"], ["q", "--floors", "f", "--lower"], ["--make", "0"]],
)
def test_options_that_do_not_go_together(words):
    footnote_eval(*words, code=2)


# Compared with before


def test_against_itself_nothing_has_changed(questions, report):
    assert "No figure has changed but the speed." in footnote_eval(questions, "--against", report).stdout


def test_what_has_changed_is_shown(questions, report):
    told = json.loads(report.read_text(encoding="utf-8"))
    for judged in told["judged"][:3]:
        judged["values"]["right"] = 1.0 - judged["values"]["right"]
    report.write_text(json.dumps(told | {"entries": 11, "model": "a\x1bb"}), encoding="utf-8")
    shown = footnote_eval(questions, "--against", report).stdout
    assert "Came right" in shown or "Went wrong" in shown
    assert "The entries changed: 11 → 12." in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["judged"].pop(), "other questions"),
        (lambda told: told["judged"][0].update(key="x"), "gap were changed since"),
        (lambda told: told.update(report=2), "is no report"),
        (lambda told: told.pop("judged"), "is no whole report (judged"),
        (lambda told: told["judged"][0].update(confidence="high"), "is no whole report (judged.0.confidence"),
        (lambda told: told["judged"][0].pop("timings_ms"), "is no whole report (judged.0.timings_ms"),
    ],
)
def test_a_report_that_cannot_be_compared_is_refused(questions, report, change, said):
    told = json.loads(report.read_text(encoding="utf-8"))
    change(told)
    report.write_text(json.dumps(told), encoding="utf-8")
    assert said in footnote_eval(questions, "--against", report, code=3).said


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "nul\udcff"])
def test_what_is_no_report_is_refused(questions, tmp_path, text):
    place = tmp_path / "report.json"
    place.write_bytes(text.encode("utf-8", "surrogateescape"))
    footnote_eval(questions, "--against", place, code=3)


# Floors


def test_floors_are_written_raised_kept_and_lowered_by_a_flag(questions, tmp_path):
    place = tmp_path / "floors.json"
    assert "All floors are kept." in footnote_eval(questions, "--floors", place, "--write-floors").stderr
    first = json.loads(place.read_text(encoding="utf-8"))
    assert set(first) > {"right", "highlights.f1", "coverage.auroc"}
    footnote_eval(questions, "--floors", place)
    place.write_text('{"right": 1.01, "passages": {"recall": 0.0}}', encoding="utf-8")
    missed = footnote_eval(questions, "--floors", place, "--write-floors", code=8)
    assert re.search(r"right is \d\.\d{3}, below its floor of 1\.010\.", missed.stderr)
    kept = json.loads(place.read_text(encoding="utf-8"))
    assert (kept["right"], kept["passages.recall"]) == (1.01, first["passages.recall"])
    footnote_eval(questions, "--floors", place, "--write-floors", "--lower")
    assert json.loads(place.read_text(encoding="utf-8"))["right"] == first["right"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("f.toml", "right = 0\n[coverage]\nanswered = 1.0\n[kinds.fact]\nright = 1", 0),
        ("f.toml", "[kinds.fact]\nright = 1.1", 8),
        ("f.toml", "right = inf", 3),
        ("f.toml", "right", 3),
        ("f.json", "right = 0", 3),
        ("f.json", "[]", 3),
        ("f.json", '{"right": true}', 3),
        ("f.json", '{"right": "high"}', 3),
        ("f.json", '{"right": 1e999}', 3),
        ("f.json", None, 3),
    ],
)
def test_files_of_floors(questions, tmp_path, name, text, code):
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    footnote_eval(questions, "--floors", tmp_path / name, code=code)


def test_floors_are_written_as_json_alone(questions, tmp_path):
    assert (
        "Floors are written as JSON"
        in footnote_eval(questions, "--floors", tmp_path / "f.toml", "--write-floors", code=3).said
    )


# Questions begun for a corpus


def test_stubs_are_filled_in_and_asked(tmp_path):
    made = [json.loads(line) for line in footnote_eval("--make", 8).stdout.splitlines()]
    assert len({one["id"] for one in made}) == 8
    assert {one["hint"]["source"] for one in made} == {"footnote", "interconnects", "huggingface"}
    assert set(made[0]["hint"]) == {"title", "who", "source", "date", "section", "sentence"}
    assert made == [json.loads(line) for line in footnote_eval("--make", 8, "--seed", 0).stdout.splitlines()]
    assert made != [json.loads(line) for line in footnote_eval("--make", 8, "--seed", 1).stdout.splitlines()]
    for one in made[:4]:
        one["question"] = one["hint"]["sentence"]
    told = json.loads(footnote_eval(write(tmp_path / "q.jsonl", made), "--json").stdout)
    assert (told["questions"], told["empty"], told["rejected"]) == (4, 4, [])


def test_stubs_are_whole_sentences_and_no_more_than_there_are(data):
    with open_corpus(CorpusSettings(data_dir=data), ToyEmbedder()) as shelf:
        stubs = make_stubs(shelf, 1000)
        entries = shelf.entries()
    assert len({s.entry.id for s in stubs[: len(entries)]}) == len(entries)
    assert len({(s.entry.id, s.start) for s in stubs}) == len(stubs)
    for stub in stubs:
        assert (stub.start, stub.end) in split_sentences(stub.entry.text)
    assert f"Only {len(stubs)} sentences" in footnote_eval("--make", 1000).stderr


def test_of_cross_posts_the_oldest_alone_gives_stubs(tmp_path):
    """The others are not quoted, so that no answer could hold their sentences."""
    text = "\n\n".join(Writer(1).paragraphs())
    row = {"kind": "event", "tier": 2, "title": "On paper", "people": [], "summary": "", "text": text, "url": None}
    rows = [row | {"id": f"post-{n}", "source": f"s{n}", "published": f"2026-0{n}-01"} for n in (3, 1, 2)]
    with open_corpus(CorpusSettings(data_dir=tmp_path / "own"), ToyEmbedder()) as own:
        own.refresh([write(tmp_path / "in.jsonl", rows)])
        stubs = make_stubs(own, 1000)
    assert {stub.entry.id for stub in stubs} == {"post-1"}
    assert all(stub.text in text for stub in stubs)
