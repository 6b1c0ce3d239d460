"""A data folder of 24 November 2026 under the command of today: real processes, the real model, the real stores."""

import json

import pytest
from command import run
from earlier import unpack_first_form

pytestmark = pytest.mark.slow

QUESTION = "What are the boats of the valley built of?"


def test_a_data_folder_of_the_first_form_answers_is_renewed_and_loses_nothing(tmp_path):
    data = unpack_first_form(tmp_path / "data")
    asked = run("ask", QUESTION, data=data)
    assert asked.returncode == 0
    assert "boats of the valley are built of oak" in asked.stdout
    assert asked.stderr.startswith("The index was made by another version of footnote. It goes on answering as it is.")
    exported = run("export", "-", data=data).stdout
    status = json.loads(run("status", "--json", data=data).stdout)
    assert (status["generation"], status["entries"], status["outdated"]) == (1, 3, ["splitter", "words"])
    foreign = json.loads(run("ask", "How do I tune a piano?", "--json", data=data).stdout)
    assert (foreign["covered"], foreign["notes"]) == (False, [])

    removed = run("remove", "cats", data=data)
    assert "Generation 2 is committed (0 entries indexed)." in removed.stdout, "at once: nothing is embedded anew"
    assert "Generation 3 is committed (1 entry indexed)." in run("undo", data=data).stdout
    status = json.loads(run("status", "--json", data=data).stdout)
    assert (status["entries"], status["behind"], status["outdated"]) == (3, 0, ["splitter"])

    renewed = run("rebuild", "--if-outdated", data=data)
    assert "Generation 4 is committed (3 entries indexed)." in renewed.stderr
    status = json.loads(run("status", "--json", data=data).stdout)
    assert (status["generation"], status["entries"], status["outdated"], status["notes"]) == (4, 3, [], [])
    assert sorted(run("export", "-", data=data).stdout.splitlines()) == sorted(exported.splitlines())
    again = run("ask", QUESTION, data=data)
    assert again.stderr == ""
    assert "boats of the valley are built of oak" in again.stdout
    runs = json.loads(run("history", "--json", data=data).stdout)
    assert [(row["action"], row["new"], row["removed"]) for row in runs] == [
        ("undo", 1, 0),
        ("remove", 0, 1),
        ("refresh", 3, 0),
    ]
