"""What a question calls by name is seen by how it is written."""

import pytest

from corpus.query.named import find_names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does Ada think of Brillo's new editor?", ["Ada", "Brillo"]),
        ("Is it open? Who says so, and does Bo agree?", ["Bo"]),
        ("how big is GPT-5 beside llama3 and the WebSockets v2 part?", ["GPT-5", "llama3", "WebSockets", "v2"]),
        ("why can't I run it, and I'd pay 20 dollars in 2026", []),
        ("“Harbour” is what?", []),
        ("WHY IS IT ALL SO SLOW", []),
        ("The Inevitable Need For A Lock Consortium", []),
        ("what came out on Monday in March?", []),
        ("", []),
    ],
)
def test_names(question, names):
    assert find_names(question) == names
