"""Which entries a request for the catalogue names, and which requests name none that can be understood."""

from datetime import date

import pytest

from corpus.models.search import Filters
from corpus.query.catalogue import Scope, read_scope
from corpus.query.entities import index_names
from corpus.query.request_forms import find_request

TODAY = date(2026, 12, 1)
NAMES = index_names(
    ("Nathan Lambert", "Dean W. Ball"), (("interconnects", "Interconnects"), ("hugging-face-blog", "Hugging Face Blog"))
)
LAMBERT, BALL = Filters(person="Nathan Lambert"), Filters(person="Dean W. Ball")
APRIL = Filters(since=date(2026, 4, 1), until=date(2026, 4, 30))


def scope(question):
    request = find_request(question)
    assert request is not None, "it has not the form of a request"
    return read_scope(request, TODAY, NAMES)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many essays do you have", Scope()),
        ("list all essays from April", Scope(APRIL)),
        ("April essays", Scope(APRIL)),
        ("show me all April posts", Scope(APRIL)),
        ("what came out in april", Scope(APRIL)),
        ("how many essays by Lambert", Scope(LAMBERT)),
        ("Lambert's essays", Scope(LAMBERT)),
        ("what has Dean Ball published so far?", Scope(BALL)),
        ("how many posts did Ball write since May", Scope(Filters(person="Dean W. Ball", since=date(2026, 5, 1)))),
        ("Lambert's latest essay", Scope(LAMBERT)),
        ("what's new from Interconnects?", Scope(Filters(source="interconnects"))),
        ("show me the Hugging Face posts", Scope(Filters(source="hugging-face-blog"))),
        ("posts on Interconnects", Scope(Filters(source="interconnects"))),
        ("list all guides", Scope(Filters(kind="guide"))),
        ("what is your newest guide?", Scope(Filters(kind="guide"))),
        ("do you have a guide on benchmarks", Scope(Filters(kind="guide"), "benchmarks")),
        ("show me everything by Ball", Scope(BALL)),
        ("everything since 2026-05-03", Scope(Filters(since=date(2026, 5, 3)))),
        ("list the essays about distillation", Scope(subject="distillation")),
        ("show all distillation essays", Scope(subject="distillation")),
        ("which essays talk about export rules?", Scope(subject="export rules")),
        ("essays on Lambert", Scope(subject="Lambert")),
        ("latest distillation post", Scope(subject="distillation")),
        ("essays about open models by Lambert", Scope(LAMBERT, "open models")),
        (
            "which essays did Ball write about China in April",
            Scope(Filters(APRIL.since, APRIL.until, person=BALL.person), "China"),
        ),
        (
            "Hugging Face posts about security since May",
            Scope(Filters(since=date(2026, 5, 1), source="hugging-face-blog"), "security"),
        ),
    ],
)
def test_a_request_names_entries(question, expected):
    assert scope(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "how many essays did the students write",
        "how many sample pieces of work does a newcomer need to show?",
        "OpenAI's papers",
        "what did Meta publish",
        "what's new in AI",
        "what came out this summer about open and closed models?",
        "list all posts by Miller",
        "essays about it",
    ],
)
def test_what_cannot_be_understood_names_none(question):
    assert scope(question) is None
