"""What a follow-up wants of the answer before it, and what only sounds like it."""

import pytest

from corpus.query.about_answer import AboutAnswer, read_about_answer

WANTED = {
    AboutAnswer.SOURCE: """link?|links please|sources?|source|url|the link|can i have the link|do you have a link to it?
        what's the source of that?|got a source for this?|Show me the sources|where can I read that?
        which essay is that from?|where is this from?
        where does that come from|give me the link to the piece|references""",
    AboutAnswer.SUMMARY: """sum that up|summarize this please|tl;dr|TLDR?|a summary of that piece
        summarise that|give me a quick summary|sum up the essay
        what's it about?|what is that essay about|and the gist of it?
        can you summarise it for me|what does the piece argue overall?""",
    AboutAnswer.VOICE: """who said that?|When was that?|where was this published?|who wrote it
        and who wrote that piece?|whose words are those?|who is the author?|who's that by?
        by whom?|says who?|when did he say that|who said so
        how old is that?|when did Ada Archer write this?|who are the authors of it?""",
    AboutAnswer.MORE: """more|more please|what else?|and what else|tell me more|anything else?|go on|continue|any more
        tell me more about it|what else is there?|more on that|show me more""",
}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [(one.strip(), about) for about, listed in WANTED.items() for one in listed.replace("\n", "|").split("|")],
)
def test_a_follow_up_to_the_answer_is_told(question, wanted):
    assert read_about_answer(question) is wanted


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Why?",
        "link to the consortium essay",
        "Which sources do you have?",
        "are open sources safer?",
        "summarise the consortium essay",
        "tl;dr of perpetual catch-up",
        "what is distillation about?",
        "who said that open models catch up?",
        "when was the first model released?",
        "more about licences",
        "what else does Ada Archer say?",
        "who wrote the essay on ferries?",
        "where is the harbour?",
        "show me what Archer said",
        "the " * 400 + "link",
    ],
)
def test_what_has_a_subject_of_its_own_is_a_question(question):
    assert read_about_answer(question) is None
