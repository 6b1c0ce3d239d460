"""What a question is heard to say of who and when, and, as often, what it is not: a false filter hides what answers."""

from datetime import date

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.notices import describe_age, describe_dropped, describe_filters
from corpus.errors import QuestionRefused
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.query.entities import index_names
from corpus.query.intent import QueryIntent, add_filters, extract_intent, without_given
from corpus.query.question import clean_question

TODAY = date(2026, 11, 28)  # a Saturday
PEOPLE = (
    *("Nathan Lambert", "Dean W. Ball", "Dean Ball", "Margaret Mitchell", "Yacine Jernite", "Clem Delangue"),
    *("Brigitte Müller", "Sinéad O’Brien", "Jude Law", "Theresa May", "Anna Stone", "Peter Stone", "Editorial Team"),
    *("Joe Biden", "S. Barker"),
)
SOURCES = {
    "interconnects": "Interconnects",
    "huggingface": "Hugging Face Blog",
    "footnote": "Footnote guides",
    "anthropic": "Anthropic",
    "paper": "paper",
    "economist": "The Economist",
}
KNOWN = index_names(PEOPLE, tuple(SOURCES.items()))
LAMBERT, BALL, MITCHELL = ("Nathan Lambert",), ("Dean W. Ball", "Dean Ball"), ("Margaret Mitchell",)


def heard(question):
    return extract_intent(clean_question(question), TODAY, KNOWN)


def by(*speakers, since=None, until=None, source=None, others=()):
    days = [date.fromisoformat(day) if day else None for day in (since, until)]
    return Filters(*days, source=source, speakers=speakers, others_than=others)


# question, what is understood, what is left to be searched
WHO = [
    ("What did Lambert say about licences?", by(*LAMBERT), "licences?"),
    ("what did lambert say about licences", by(*LAMBERT), "licences"),
    ("What does Nathan Lambert think of consortia?", by(*LAMBERT), "consortia?"),
    ("Why does Lambert think open models lag?", by(*LAMBERT), "Why open models lag?"),
    ("How does Lambert see the gap?", by(*LAMBERT), "How see the gap?"),
    ("Does Lambert believe that open models will catch up?", by(*LAMBERT), "open models will catch up?"),
    ("What has Lambert really argued about Qwen?", by(*LAMBERT), "Qwen?"),
    ("What does Lambert make of Qwen?", by(*LAMBERT), "Qwen?"),
    ("What does Lambert expect of open models by 2027?", by(*LAMBERT), "expect of open models by 2027?"),
    ("What does Lambert expect this year?", by(*LAMBERT), "expect this year?"),
    ("Lambert says what about licences?", by(*LAMBERT), "licences?"),
    ("What does Dean Ball think about licences?", by(*BALL), "licences?"),
    ("What does Dean W. Ball think about licences?", by(*BALL), "licences?"),
    ("What is Ball’s view on government control?", by(*BALL), "government control?"),
    ("What is Ball's main argument on government control?", by(*BALL), "government control?"),
    ("What are Lambert's bets on open models?", by(*LAMBERT), "open models?"),
    ("What did Professor Müller claim about fairness?", by("Brigitte Müller"), "fairness?"),
    ("What did muller claim about fairness?", by("Brigitte Müller"), "fairness?"),
    ("What did Sinead O'Brien write on fairness?", by("Sinéad O’Brien"), "fairness?"),
    ("What did President Biden mention about tariffs?", by("Joe Biden"), "tariffs?"),
    ("What did Jude Law say about acting?", by("Jude Law"), "acting?"),
    ("What does Law say about acting?", by("Jude Law"), "acting?"),
    ("What did Anna Stone say about acting?", by("Anna Stone"), "acting?"),
    ("What do Lambert and Ball say about licences?", by(*LAMBERT, *BALL), "licences?"),
    (
        "What did Mitchell, Jernite and Delangue argue about openness?",
        by(*MITCHELL, "Yacine Jernite", "Clem Delangue"),
        "openness?",
    ),
    ("For Lambert, what is a consortium?", by(*LAMBERT), "a consortium?"),
    ("According to Lambert, will open models win?", by(*LAMBERT), "will open models win?"),
    ("Will open models win according to Lambert?", by(*LAMBERT), "Will open models win?"),
    ("In the view of Dean Ball, who should control models?", by(*BALL), "should control models?"),
    ("essays by Lambert about licences", by(*LAMBERT), "essays about licences"),
    ("anything from Lambert on licences", by(*LAMBERT), "licences"),
    ("What was written on licences by Lambert?", by(*LAMBERT), "written on licences?"),
    ("According to Hugging Face, is openness safer?", by(source="huggingface"), "openness safer?"),
    ("according to the hugging face blog, is openness safer", by(source="huggingface"), "openness safer"),
    ("What does HuggingFace say about openness?", by(source="huggingface"), "openness?"),
    ("What do the Interconnects essays say?", by(), None),
    ("What did the Economist write on Brexit?", by(source="economist"), "Brexit?"),
    ("Posts from Hugging Face on security", by(source="huggingface"), "Posts on security"),
    ("What was published in Interconnects on licences?", by(source="interconnects"), "published on licences?"),
    ("What does Lambert say about Ball?", by(*LAMBERT), "Ball?"),
    ("Lambert on licences", by(*LAMBERT), "licences"),
    ("dean ball on government control?", by(*BALL), "government control?"),
    ("Does Lambert admit that there are doubts?", by(*LAMBERT), "admit that there are doubts?"),
    ("Does Lambert disagree with Ball on licences?", by(*LAMBERT), "disagree with Ball on licences?"),
]
OTHERS = [
    ("Who disagrees with Lambert about licences?", by(others=LAMBERT), "licences?"),
    ("Does anyone disagree with Ball's view on licences?", by(others=BALL), "licences?"),
    ("What do others than Lambert say about licences?", by(others=LAMBERT), "licences?"),
    ("Besides Lambert, who thinks open models will win?", by(others=LAMBERT), "open models will win?"),
    ("What do people other than Ball say about control?", by(others=BALL), "control?"),
    ("Apart from Lambert and Ball, who writes about licences?", by(others=LAMBERT + BALL), "writes about licences?"),
]
WHEN = [
    ("what did Lambert say since April about licences", by(*LAMBERT, since="2026-04-01"), "licences"),
    ("What did Lambert say about licences since April?", by(*LAMBERT, since="2026-04-01"), "licences?"),
    ("What did Lambert say about licences since December?", by(*LAMBERT, since="2025-12-01"), "licences?"),
    ("What did Lambert say about licences since 2026-04?", by(*LAMBERT, since="2026-04-01"), "licences?"),
    ("What did Lambert say about licences since 2026-04-15?", by(*LAMBERT, since="2026-04-15"), "licences?"),
    ("Since 1 April 2026, what has Lambert said on licences?", by(*LAMBERT, since="2026-04-01"), "licences?"),
    ("Since April 1st, what has Lambert said on licences?", by(*LAMBERT, since="2026-04-01"), "licences?"),
    ("What has Lambert said since the 1st of April on Qwen?", by(*LAMBERT, since="2026-04-01"), "Qwen?"),
    ("What has Lambert said since April 1, 2025 on Qwen?", by(*LAMBERT, since="2025-04-01"), "Qwen?"),
    ("What has Lambert said since early May on Qwen?", by(*LAMBERT, since="2026-05-01"), "Qwen?"),
    ("What did Lambert argue before March 2026 on Qwen?", by(*LAMBERT, until="2026-02-28"), "Qwen?"),
    ("What did Lambert argue after May on Qwen?", by(*LAMBERT, since="2026-06-01"), "Qwen?"),
    ("What did Lambert argue until May on Qwen?", by(*LAMBERT, until="2026-05-31"), "Qwen?"),
    ("What had Lambert said by May about Qwen?", by(*LAMBERT, until="2026-05-31"), "Qwen?"),
    (
        "What did Lambert say between March and May about Qwen?",
        by(*LAMBERT, since="2026-03-01", until="2026-05-31"),
        "Qwen?",
    ),
    (
        "What did Lambert say from November to February about Qwen?",
        by(*LAMBERT, since="2025-11-01", until="2026-02-28"),
        "Qwen?",
    ),
    ("What was said from March to May 2025 on Qwen?", by(since="2025-03-01", until="2025-05-31"), "Qwen?"),
    ("What was said since March until May on Qwen?", by(since="2026-03-01", until="2026-05-31"), "Qwen?"),
    ("In May, what did Lambert argue on Qwen?", by(*LAMBERT, since="2026-05-01", until="2026-05-31"), "Qwen?"),
    ("What did Lambert say about Qwen in May?", by(*LAMBERT, since="2026-05-01", until="2026-05-31"), "Qwen?"),
    ("What was said in April 2026 about Qwen?", by(since="2026-04-01", until="2026-04-30"), "Qwen?"),
    ("What did people say in 2025 about Qwen?", by(since="2025-01-01", until="2025-12-31"), "Qwen?"),
    ("What did Lambert write this month about Qwen?", by(*LAMBERT, since="2026-11-01", until="2026-11-30"), "Qwen?"),
    ("What did Lambert write last month about Qwen?", by(*LAMBERT, since="2026-10-01", until="2026-10-31"), "Qwen?"),
    ("What did Lambert write last week about Qwen?", by(*LAMBERT, since="2026-11-16", until="2026-11-22"), "Qwen?"),
    ("What did Lambert write yesterday about Qwen?", by(*LAMBERT, since="2026-11-27", until="2026-11-27"), "Qwen?"),
    ("What did Lambert say last year about Qwen?", by(*LAMBERT, since="2025-01-01", until="2025-12-31"), "Qwen?"),
    ("What did Lambert say this spring about Qwen?", by(*LAMBERT, since="2026-03-01", until="2026-05-31"), "Qwen?"),
    ("What did Lambert say last winter about Qwen?", by(*LAMBERT, since="2025-12-01", until="2026-02-28"), "Qwen?"),
    ("What has Lambert said in the last 3 months on Qwen?", by(*LAMBERT, since="2026-08-28"), "Qwen?"),
    ("What has Lambert said in the past two weeks on Qwen?", by(*LAMBERT, since="2026-11-14"), "Qwen?"),
    ("What has been said over the past year about Qwen?", by(since="2025-11-28"), "Qwen?"),
    ("essays since April on distillation", by(since="2026-04-01"), "essays on distillation"),
    ("Show me essays on licences since April", by(since="2026-04-01"), "essays on licences"),
    ("any takes on licences before May?", by(until="2026-04-30"), "takes on licences?"),
    ("since May, anything about China?", by(since="2026-05-01"), "China?"),
    ("Anything from June 2026 on Qwen?", by(since="2026-06-01", until="2026-06-30"), "Qwen?"),
    ("What was said about Qwen in April 2026?", by(since="2026-04-01", until="2026-04-30"), "Qwen?"),
    ("What came out last week on Qwen?", by(since="2026-11-16", until="2026-11-22"), "came out on Qwen?"),
    (
        "What was argued about Qwen between 1 and 15 April?",
        by(since="2026-04-01", until="2026-04-15"),
        "argued about Qwen?",
    ),
    ("Lambert's essays on licences since April", by(*LAMBERT, since="2026-04-01"), "licences"),
]
# Neither whose words nor the time of the saying: of encyclopaedias, finance, medicine, and of our own corpus.
NEITHER = """
What is the case about Anthropic?
What is the case for Anthropic's position?
Was Dean Ball interviewed by Lambert?
Who interviewed Dean Ball?
Who hosts Dean Ball?
Who is Nathan Lambert?
Who agrees with Lambert?
Who said that Lambert thinks open models lag?
Who criticised Lambert's essay?
What do responses to Lambert's view say?
How does Lambert differ from Ball?
How do Lambert and Ball differ?
Which labs other than Anthropic release open models?
Does Anthropic publish open weights?
Why did Anthropic post a loss in 2019?
What does the law say about licences?
according to law, who is liable?
What does Stone say about acting?
What does the team say about licences?
What may May bring for open models?
What does the paper say about licences?
My bets on open models, mid-2026
Reading today's open-closed performance gap
What does "Lambert's essays since April" say?
What does “What did Lambert say in May” mean?
What has changed since 2019?
Open models since April
Will open models catch up by 2027?
In 2026, will open models catch up with closed ones?
What is the newest model?
Interconnects on a phone
What did people say about inflation in May 2026?
How did GDP change between 2019 and 2021?
What was revenue in 2019?
What did the report say about revenue in 2019?
What was the increase in operating revenues from 2001 to 2002?
How many shares did the company repurchase in 2008, 2009, and 2010?
What net income was reported in 2013, and what since then?
What was the commitment fee rate as of December 31, 2017?
What was the most recent year of growth?
Which books were published by Blackie in 1925?
What posts did Churchill hold from 1920 to 1925?
What pieces did Beethoven write between 1800 and 1810?
Which articles of the constitution were amended in 1920?
Who wrote the lyrics of the song in 2011?
What do critics say of the film since 2019?
What happened in the park before May 1863?
Which cases of malaria were reported last year?
How has the incidence of asthma changed in the last 10 years?
What dose was given by day 3 according to the study?
What were the findings of the trial by Barker in 1986?
What does the label say about use after May 2020?
"""


@pytest.mark.parametrize(("question", "filters", "topic"), [*WHO, *OTHERS, *WHEN])
def test_who_and_when_are_understood(question, filters, topic):
    found = heard(question)
    assert found.filters == filters
    assert found.topic == (topic or question)
    assert (found.newest, found.is_bare) == (False, False)


@pytest.mark.parametrize("question", NEITHER.strip().split("\n"))
def test_what_is_no_filter_is_left_a_part_of_the_question(question):
    assert heard(question) == QueryIntent(topic=question, last_topic=question)


@pytest.mark.parametrize(
    ("question", "filters", "topic"),
    [
        ("What's the latest on open models?", by(), "open models?"),
        ("the newest on licences", by(), "licences"),
        ("What is new on licences?", by(), "licences?"),
        ("most recent essays on the gap", by(), "gap"),
        ("news about licences", by(), "licences"),
        ("What did Lambert recently say about Qwen?", by(*LAMBERT), "Qwen?"),
        ("What does Lambert currently think of Qwen?", by(*LAMBERT), "Qwen?"),
        ("What was recently said about Qwen?", by(), "Qwen?"),
        ("What is the latest from Interconnects on licences?", by(source="interconnects"), "licences?"),
        ("Any news since 1 April on licences?", by(since="2026-04-01"), "licences?"),
        ("Anything new on licences since April?", by(since="2026-04-01"), "licences?"),
    ],
)
def test_the_newest_is_asked_for(question, filters, topic):
    found = heard(question)
    assert (found.filters, found.newest, found.topic) == (filters, True, topic)


@pytest.mark.parametrize(
    ("question", "filters", "newest"),
    [
        ("What did Lambert say since April?", by(*LAMBERT, since="2026-04-01"), False),
        ("what has lambert written", by(*LAMBERT), False),
        ("Who disagrees with Lambert?", by(others=LAMBERT), False),
        ("What's new?", by(), True),
        ("Any news from Hugging Face?", by(source="huggingface"), True),
        ("What did Interconnects publish this month?", by(since="2026-11-01", until="2026-11-30"), False),
    ],
)
def test_a_question_of_nothing_but_who_and_when_keeps_its_words(question, filters, newest):
    found = heard(question)
    if "Interconnects" in question:
        filters = Filters(filters.since, filters.until, source="interconnects")
    assert (found.filters, found.newest) == (filters, newest)
    assert found.is_bare
    assert found.topic == question


@pytest.mark.parametrize(
    ("question", "filters", "topic"),
    [
        ("What did Lambert say about licences? and about security?", by(*LAMBERT), "licences? and about security?"),
        ("What did Lambert say about licences? And Mitchell?", by(*MITCHELL), "licences?"),
        ("What did Lambert say about licences? What about Ball?", by(*BALL), "licences?"),
        ("What did Lambert say about licences? And since May?", by(*LAMBERT, since="2026-05-01"), "licences?"),
        (
            "What did Lambert say since April on licences? In May?",
            by(*LAMBERT, since="2026-05-01", until="2026-05-31"),
            "licences?",
        ),
        ("What did Lambert say about licences? What do others say?", by(others=LAMBERT), "licences?"),
        ("What did Lambert say about licences? Who disagrees?", by(others=LAMBERT), "licences?"),
        ("Tell me what Lambert says on licences. And security?", by(*LAMBERT), "licences. And security?"),
        ("Will open models win? Who said that?", by(), "Will open models win?"),
        ("Will open models win? When was that?", by(), "Will open models win?"),
        ("Will open models win? Since 1 June 2026?", by(since="2026-06-01"), "Will open models win?"),
        ("Will open models win? And Lambert?", by(), "Will open models win? And Lambert?"),
        ("How did GDP change? Since 2019?", by(), "How did GDP change? Since 2019?"),
        ("How did GDP change? In 2019?", by(), "How did GDP change? In 2019?"),
    ],
)
def test_what_follows_takes_over_what_was_understood_before(question, filters, topic):
    found = heard(question)
    assert (found.filters, found.topic) == (filters, topic)


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "since 2027",
            "since December 2026",
            "since 31 February 2026",
            "after November 2026",
            "in 2027",
            "until 2030",
        ),
        *("since 0 May", "between May and 2030", "between 2025 and March 2024", "since the flood", "before the crash"),
    ],
)
def test_a_time_that_is_none_or_not_come_yet_is_none_of_saying(phrase):
    found = heard(f"What did Lambert say {phrase} about Qwen?")
    expected = by(*LAMBERT)
    if phrase == "until 2030":  # all of it is understood, and nothing is left out by it
        expected = found.filters
    assert found.filters == expected


@pytest.mark.parametrize("today", [date.min, date(1, 3, 1), date(2024, 2, 29), date(2026, 1, 31), date.max])
@pytest.mark.parametrize(
    "phrase", ["last month", "last week", "in the last 900 years", "in the last 999 days", "last winter", "yesterday"]
)
def test_the_calendar_has_an_end(today, phrase):
    found = extract_intent(f"What did Lambert say {phrase} about Qwen?", today, KNOWN)
    assert found.filters.speakers == LAMBERT


@pytest.mark.parametrize(
    ("today", "since"),
    [(date(2026, 11, 28), "2026-04-01"), (date(2026, 4, 1), "2026-04-01"), (date(2026, 3, 31), "2025-04-01")],
)
def test_a_month_without_a_year_is_the_latest_that_has_begun(today, since):
    found = extract_intent("What was said since April about Qwen?", today, KNOWN)
    assert found.filters.since == date.fromisoformat(since)


# Names


def test_a_surname_that_two_have_is_nobodys_and_one_person_may_have_two_names():
    known = index_names(("Ann B. Lee", "Ann Lee", "Ann C. Lee", "Bo Li", "Cy Li", "Plato", "Editor"), ())
    assert known["ann", "lee"].people == known[("lee",)].people == ("Ann B. Lee", "Ann Lee", "Ann C. Lee")
    assert known["ann", "b", "lee"].people == ("Ann B. Lee", "Ann Lee")
    assert ("li",) not in known
    assert known[("plato",)].people == ("Plato",)
    assert ("editor",) not in known


def test_names_that_are_none_are_known_by_nothing():
    assert not index_names(("", "—", "🙂", "123", "7 " * 400), (("", ""), ("a", "A")))


# What is told, and what is given


@pytest.mark.parametrize(
    ("filters", "newest", "told"),
    [
        (by(), False, ""),
        (by(*LAMBERT, since="2026-04-01"), False, "since 1 April 2026, Nathan Lambert"),
        (by(*BALL), True, "Dean W. Ball, newest first"),
        (by(*LAMBERT, *BALL, *MITCHELL), False, "Nathan Lambert, Dean W. Ball and Margaret Mitchell"),
        (by(since="2026-03-01", until="2026-03-31", source="huggingface"), False, "March 2026, Hugging Face Blog"),
        (by(since="2025-01-01", until="2025-12-31"), False, "2025"),
        (by(since="2026-03-01", until="2026-05-31"), False, "1 March 2026 to 31 May 2026"),
        (by(since="2026-03-02", until="2026-03-02"), False, "2 March 2026"),
        (by(until="2026-03-31"), False, "until 31 March 2026"),
        (by(others=LAMBERT, source="gone"), False, "gone, others than Nathan Lambert"),
    ],
)
def test_what_was_understood_is_told_in_words(filters, newest, told):
    sources = {slug: Source(slug, name, 2) for slug, name in SOURCES.items()}
    assert describe_filters(filters, sources, newest=newest) == told


def test_why_what_was_understood_was_dropped():
    none = describe_dropped(by(*BALL, since="2026-11-01"), Filters(), {}, there=False)
    assert none == "No entry by Dean W. Ball since 1 November 2026: this is from all entries."
    silent = describe_dropped(by(*BALL, since="2026-04-01", until="2026-04-30"), by(*BALL), {}, there=True)
    assert silent == "No entry by Dean W. Ball of April 2026 answers this: this is from all entries by Dean W. Ball."


@pytest.mark.parametrize(
    ("days", "today", "told"),
    [
        (["2026-06-01", "2026-02-17"], "2027-05-28", ""),
        (["2026-06-01", "2026-02-17"], "2027-06-01", ""),
        (["2026-06-01", "2026-02-17"], "2027-06-02", "of 1 June 2026, more than 12 months ago"),
        (["2024-02-29"], "2025-02-28", ""),  # no 29th in that February
        (["2024-02-29"], "2025-03-01", "of 29 February 2024, more than 12 months ago"),
        (["2024-05-31"], "2026-12-01", "more than 2 years ago"),
        ([], "2026-12-01", ""),
        (["2027-01-01"], "2026-12-01", ""),
    ],
)
def test_where_all_of_it_is_old_its_age_is_told(days, today, told):
    sentence = describe_age(map(date.fromisoformat, days), date.fromisoformat(today))
    assert told in sentence
    assert bool(told) == bool(sentence)


def test_who_asks_for_what_is_old_is_not_told_that_it_is():
    assert describe_age([date(2025, 5, 1)], TODAY, until=date(2025, 12, 31)) == ""
    assert describe_age([date(2025, 5, 1)], TODAY, until=TODAY)


def test_what_is_given_goes_before_what_was_understood():
    said = by(*LAMBERT, since="2026-04-01", until="2026-05-31", source="interconnects")
    given_all = Filters(date(2026, 1, 1), date(2026, 2, 1), "huggingface", "Ball", "event")
    assert without_given(given_all, said) == Filters()
    assert add_filters(given_all, said) == given_all
    late = Filters(since=date(2026, 6, 1))
    assert without_given(late, said) == by(*LAMBERT, source="interconnects")
    both = Filters(since=date(2026, 4, 1), kind="event", speakers=LAMBERT)
    assert add_filters(Filters(kind="event"), by(*LAMBERT, since="2026-04-01")) == both


# Whatever is asked

PARTS = [
    *("what did", "Lambert", "Dean Ball's", "say", "since", "April", "between", "and", "2026", "the latest", "on", '"'),
    *(
        "licences",
        "?",
        ",",
        "who disagrees with",
        "Hugging Face",
        "in the last",
        "3",
        "weeks",
        "@0",
        "#sd0",
        "about",
        "。",
    ),
]


@quick
@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=8), max_size=30).map(" ".join), st.dates())
def test_anything_is_heard_and_always_something_is_left_to_search_for(text, today):
    try:
        question = clean_question(text)
    except QuestionRefused:
        return
    found = extract_intent(question, today, KNOWN)
    assert any(c.isalnum() for c in found.topic)
    assert found.filters.since is None or found.filters.until is None or found.filters.since <= found.filters.until
    assert bool(found) or found.topic in {question, found.topic}
    assert set(found.filters.speakers) | set(found.filters.others_than) <= set(PEOPLE)
    describe_filters(found.filters, {}, newest=found.newest)
