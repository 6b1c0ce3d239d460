"""The README's first command, in a data folder that is not there yet: its answer is no painting."""

import re

from command import ROOT, run


def test_the_readmes_answer_is_what_it_answers(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    question, shown = re.search(r"\$ footnote ask \"(.*?)\"\n(.*?)\n```", readme, flags=re.DOTALL).groups()
    asked = run("ask", question, data=tmp_path / "data")
    assert asked.returncode == 0, asked.stderr
    assert "building one from the shipped corpus" in asked.stderr
    answered = re.sub(r"^The newest entry cited is of .*\n", "", asked.stdout)  # that it is old, from some day on
    assert " ".join(shown.split()) == " ".join(answered.split())
