"""What kind of thing a question asks for: a table for each kind, and what looks like it and is another."""

from time import perf_counter

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.models.question_kind import QuestionKind
from corpus.query.question_kind import classify_content, classify_question, find_counted

TALK = {
    "greeting": """hi
Hello!
hey there
Hi Footnote
heyyy
good morning everyone
yo
hi, how are you?
what's up
yo wassup
is anyone there?
ping
hallo""",
    "thanks": """thanks!
Thank you so much
thx
ty!!
ok thanks
great, thanks a lot
thanks for the help
cheers mate
good bot
ok
ty that helped
nice
Perfect, thank you.""",
    "goodbye": """bye
Goodbye!
see you later
good night everyone
ok bye
k thx bye
cya
take care
have a nice day
ciao
talk to you tomorrow
thanks, bye""",
    "identity": """who are you
who are you?
what are you exactly
hey, who are you?
are you a bot
are you a real person or a bot?
r u an ai
what's your name?
who made you
tell me about yourself
what is this bot?""",
    "help": """help
Help!
help me please
what can you do
what can you do for me?
how do you work?
how do I use this bot
what can I ask you
hi! what can you do?
list commands
can you help me?""",
}
CATALOGUE = {
    "count": """how many essays do you have
How many entries are there?
how many sources do you have
how many guides are in the corpus
number of articles from April
how many essays by Lambert
how many posts did Ball write
how many authors are there
how many articles have been published since May?
hey, how many essays are there in total
how big is your library""",
    "entries": """list all essays from April
show me all guides
List the essays about distillation
which essays do you have on consortia?
what articles are there from the Hugging Face Blog
all essays by Ball
Lambert's essays
what did Lambert publish in May?
what came out in May
what was published this week?
can you list all posts since April?
do you have any essays about licences
everything from June 2026
show me everything by Ball
do you have a guide on benchmarks?
essays by Ball""",
    "newest": """what's new?
what's new
whats new from Lambert
what is the latest
anything new since April?
latest essays
Lambert's latest essay
show me the newest entries
what is the most recent post by Ball
what did I miss
the latest from Ball""",
    "sources": """which sources do you have
what sources do you use?
what do you cover
what topics do you cover?
list your sources
sources?
show all sources
which blogs do you follow
what's in the corpus
what do you know about?
where do you get your answers from
what are your sources""",
    "people": """who writes here
which authors do you have?
what people are in the corpus
list all authors
who are the authors?
show me the writers
which authors are there
whose essays do you have
who are your authors
what authors do you cover
who publishes here?""",
    "entry": """link to the consortium essay
can you give me a link to the June essay?
where can I find the piece on cybersecurity
url of the bets post
send me the link to Ball's interview
link the essay on exponentials
where can I read the performance gap essay
the consortium essay link
what is the link to the guide on benchmarks
do you have a link for the interview with Ball
is there a link to that essay on ecosystems
who wrote the essay on exponentials?
when was Ball's interview published
who are the authors of the cybersecurity piece""",
    "summary": """tl;dr of the consortium essay
tldr the consortium essay
summarise the consortium piece
Summarize Ball's interview please
can you summarise the June essay?
give me the gist of the bets essay
what is the consortium essay about?
what's the BAIR piece on personas about
what does the performance gap essay argue?
main point of the consortium essay
thoughts on the consortium essay?
key takeaways from the interview
what's the essay's main argument
consortium essay tl;dr
what does Ball argue in the licence essay?""",
}
CONTENT = {
    "definition": """what is distillation
whats distillation
what's a data flywheel?
what is an open-weight model?
What does RLVR mean?
what is meant by overfitting
define perplexity
is there a name for a model that forgets?
what do you call a model trained on another's answers?
ok so what is sandbagging
consortium?
reward hacking
what exactly are "model cards" in this field?""",
    "figure": """how many months are open models behind
how far behind are open models, in months
whats the gap between open and closed rn
how much does it cost to train a frontier model
What share of the tokens is code?
how often is the leaderboard updated
for how long did the run train?
what's the hourly rate of an annotator
what does a labelled pair cost?
When people rate answers, how many do they see?
does anyone know how big the dataset is
how old is the archive""",
    "who": """who wrote the first chapter
who's behind the new lab?
whose ecosystem is open first
thanks to whom did open models catch up?
which company bought the startup
by whom was it proposed
who are the authors of the licence
does anyone know who funded it
which researchers left the lab?
ok so who led the project""",
    "when": """when did the contest end?
when was it published
when will open models catch up
by what year will it be solved?
until when did the trial run
which month does the gap refer to
since when is it open?
how soon will it ship
hey, when is the deadline
what's the release date of the model
how long ago was the first run?""",
    "why_how": """why are open models behind?
why's the lab so open lol
how do you train a small model?
how come the loss jumps
how does distillation work
what causes the spike in the loss?
The loss jumps at first. How do I get rid of that?
what's the point of a consortium
what makes a benchmark fair?
explain why licences matter
any trick to make it faster?
anyone know how to quantise a model""",
    "list": """list the reasons for a consortium
what are the four kinds of openness?
which benchmarks are used for coding
which tiers of testing are there
advantages of open weights
name three risks
what are nathan's bets for mid 2026
If a server is hostile, what protections are there?
give me examples of open licences
what tools does the agent have
pros and cons of self hosting""",
    "comparison": """open weight vs open source, whats the difference
compare the February and the March view
what's the difference between open and closed weights?
Lambert vs. Ball on licences
how do the two essays differ
has Lambert changed his mind since May?
do Ball and Lambert agree on export rules?
how has the view of the gap changed
a or b: which one is better for a startup
what changed between February and June
how does the first essay compare with the second""",
    "yes_no": """will open models ever catch up?
is llama dead
does anyone know if the weights are public
can a small lab train one
is it legal to sell the outputs?
are there any open datasets
would a consortium work
do you know whether it was retracted?
has the gap closed
isn't the licence too strict?""",
    "opinion": """what does Ball think of licences?
what did Lambert say about China
does Lambert believe in consortia
Lambert's view on export rules: what is his view on them
should we self host?
what do people make of the new model
is it worth paying for a closed model
best open model for coding right now?
is open source good or bad for security
any thoughts
who disagrees with Ball?
who argues that openness helps
who wrote about the new licence
how does the author feel about agents""",
    "outcome": """did the bets come true?
did lamberts bets come true
how did the launch turn out?
was Lambert right about the gap?
has that prediction held up
were they wrong""",
    "other": """anyone up for a match tonight?
the one from the summer that still hold up against the others
help me with my homework in maths
what license does the model use
where was the conference held
so the gap was six months and now it is nine
tell me something about the moon landing
thanks to distillation the gap is small
what happened to the project
what's new in distillation""",
}


def _rows(*tables):
    return [(q, kind) for table in tables for kind, questions in table.items() for q in questions.splitlines()]


@pytest.mark.parametrize(("question", "kind"), _rows(TALK, CATALOGUE, CONTENT))
def test_a_question_is_of_a_kind(question, kind):
    assert classify_question(question) == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who are you", "identity"),
        ("who are the authors of the licence paper", "entry"),
        ("how many months did it take", "figure"),
        ("how many essays do you have", "count"),
        ("what's new", "newest"),
        ("what's new in distillation", "other"),
        ("thanks! what is distillation?", "definition"),
        ("hi, how many essays are there?", "count"),
        ("hey footnote, why are open models behind", "why_how"),
        ("can you help me understand what a logit is", "definition"),
        ("how do you work with long contexts?", "why_how"),
        ("what can you do with a small model?", "other"),
        ("are you sure that the gap is nine months?", "yes_no"),
        ("list the four variants of the law", "list"),
        ("what is it about", "other"),
        ("help with distillation", "definition"),
        ("hi-fi models", "definition"),
    ],
)
def test_what_looks_alike_is_told_apart(question, kind):
    assert classify_question(question) == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how many essays did the students write?", "figure"),
        ("who are the authors of the licence paper", "who"),
        ("when was the essay published?", "when"),
        ("tl;dr of the law on exports", "other"),
        ("what does the law say", "other"),
        ("hi", "other"),
    ],
)
def test_what_the_corpus_has_not_is_a_question_of_its_content(question, kind):
    assert classify_content(question) == kind


def test_each_kind_is_of_one_group():
    for kind in QuestionKind:
        assert [kind.is_talk, kind.is_catalogue, kind is QuestionKind.SUMMARY, kind.is_content].count(True) == 1


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many GPU hours did it take?", "GPU hours"),
        ("to how many people?", "people"),
        ("how many of the keys fit?", ""),
        ("how much is it?", ""),
    ],
)
def test_what_is_counted_stands_behind_how_many(question, counted):
    assert find_counted(question) == counted


@quick
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_is_of_some_kind(text):
    assert classify_content(text).is_content
    assert classify_question(text) in QuestionKind


@pytest.mark.parametrize(
    "part", ["so ", "what is the ", "list all essays by ", "how do a and b ", "'s ", "tldr ", "link "]
)
def test_a_long_question_is_no_burden(part):
    begun = perf_counter()
    classify_question(part * (2000 // len(part)))
    assert perf_counter() - begun < 1
