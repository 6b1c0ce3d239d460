"""Misspelt questions: what is read as what, what stays, what the answer says of it. The model is a toy."""

import json
from datetime import date

import pytest
from build import take_in

from corpus import open_corpus
from corpus.index import generation
from corpus.index.keyword_index import VOCABULARY, Lexical, Vocabulary, find_plain_words, split_terms
from corpus.query.initials import index_initials
from corpus.query.spelling import (
    Correction,
    KnownWords,
    Spelling,
    correct_spelling,
    describe_corrections,
    is_english,
    restore_spelling,
)

TODAY = date(2026, 11, 28)
# How many passages hold each of a corpus's words.
WORDS = {
    20: "open",
    12: "modes",
    9: "vaccine models model",
    8: "government",
    7: "vaccines inflation",
    6: "parliament benchmark rates economy",
    5: "hospital language research interest",
    4: "hospitals weight weights tariff tariffs economic",
    3: "governance free distillation reserve lambert color defense token",
    2: "vulnerability researchers separate binder hanson gulf grip tokens tokenizer reading leading loading necessary "
    "offence sealing dealing organization seeking",
    1: "oven industrialisation lava crater carter commitee",
}
COUNTS = {word: count for count, words in WORDS.items() for word in words.split()}
NAMES = frozenset("nathan lambert binder hanson herald interconnects".split())
HELD = frozenset(term for word in COUNTS for term in split_terms(word))
KNOWN = KnownWords(Vocabulary(tuple(sorted(COUNTS)), COUNTS), NAMES, split_terms, HELD.__contains__)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("waht is distilation", "what is distillation"),
        ("hwat about vacines?", "what about vaccines?"),
        ("teh vacine adn hosptals", "the vaccine and hospitals"),
        ("goverment", "government"),
        ("Goverment research", "Government research"),  # the first word of a sentence
        ("why? Goverment research", "why? Government research"),
        ("parlaiment", "parliament"),
        ("parliment", "parliament"),
        ("parlamnt", "parliament"),  # two mistakes
        (
            "langauge modles",
            "language models",
        ),  # neighbours that changed places come before "modes", which is more frequent
        ("opne wieghts", "open weights"),
        ("opne-wieght modles", "open-weight models"),
        ("vulnerabilty reserch", "vulnerability research"),
        ("(benchmrak)", "(benchmark)"),
        ("benchmarkk…", "benchmark…"),
        ("seperate", "separate"),
        ("neccesary", "necessary"),
        ("tarifs", "tariffs"),
        ("tariif", "tariff"),
        ("infaltion", "inflation"),
        ("intrest raets", "interest rates"),
        ("ecnomy", "economy"),
        ("sicne when", "since when"),
        ("beacuse of tariffs", "because of tariffs"),
        ("what did lambret say", "what did lambert say"),
        ("what did Lambret say", "what did Lambert say"),
        ("Lambret's modles", "Lambert's models"),
        ("Nathn on tariffs", "Nathan on tariffs"),
        ("in the Interconects essays", "in the Interconnects essays"),  # of a source's name, which no passage has
        ("indusrialization", "industrialisation"),
        ("vaccnes vaccnes", "vaccines vaccines"),
        ("modells", "models"),
    ],
)
def test_a_misspelt_word_is_read_as_the_word_of_the_corpus(written, read):
    found = correct_spelling(written, KNOWN)
    assert (found.written, found.read) == (written, read)
    assert found.corrections


@pytest.mark.parametrize(
    "question",
    [
        "what about kangaroos and goalkeepers?",  # just unknown
        "is a vacancy like a vaccine",
        "gravel models",
        "sycophancy, hysteresis and jurisprudence",
        "freed modems in an ovum",
        "the gulch",
        "exponentials",
        "favourite colours, behaviour and armour",  # British
        "defence, licence and offences",
        "organise, organised and analysing the industrialised centres",
        "labelled travelling sceptics and programmes",
        "a catalogue of moulds",
        "researcher, researched, modelling, weighted",  # forms of the corpus's words
        "tokenizers and tokenized",
        "finetuning, bioweapons, posttraining, misgoverned",  # made of words
        "doesnt thats isnt",
        "we shouldn't and couldn’t",
        "gguf and grpo, vllm or grop",  # short and not known: too little speaks for another word
        "gpt4o, llama3 modles2 wieght_s",  # codes
        "see modles.com/langauge and @goverment #vacine",
        "GOVERMENT and NATHN",  # abbreviations
        "the vLLM of OpenModles",
        "what did Hansen say, or Lampert?",  # another letter is another name
        "was it Oven or Opne?",  # a capital, and no name is near
        'the “goverment” and "vacines" and `modles`',  # quoted
        "was sind offene modelle und wie offen ist die vacine",  # other languages
        "que es un modelo abierto en la economia",
        "les modeles ouverts et la recherche",
        "modèles économie élection",
        "Ποιος vs модель 開放模型",
        "seaking",  # sealing, seeking … as near as another
        "commitee",  # the corpus writes so
        "it is in an if",
        "",
    ],
)
def test_what_is_right_or_just_unknown_stays(question):
    assert correct_spelling(question, KNOWN) == Spelling(question, question)


def test_a_question_without_its_apostrophe_is_read_with_it_and_not_spoken_of():
    written = "whats distilation, and Wheres the corpus"
    spelling = correct_spelling(written, KNOWN)
    assert spelling.read == "what is distillation, and where is the corpus"
    assert describe_corrections(written, [spelling]) == "“distilation” read as “distillation”"
    assert (
        restore_spelling(correct_spelling("whats it", KNOWN).read, [correct_spelling("whats it", KNOWN)]) == "whats it"
    )


def test_initials_of_a_source_are_read_as_its_name_unless_they_are_a_word():
    names = ("The Hugging Face Blog", "Interconnects", "Under Siege", "Open Weights", "Other Words")
    known = KNOWN._replace(initials=index_initials(names))
    spelling = correct_spelling("why's HF with us on ow? “hf”", known)
    assert spelling.read == "why's Hugging Face with us on ow? “hf”"
    assert spelling.corrections == (Correction("HF", "Hugging Face"),)
    held = known._replace(holds=lambda term: term == "hf")
    assert correct_spelling("what does hf say", held).read == "what does hf say"


def test_short_forms_of_a_chat_are_read_in_full():
    spelling = correct_spelling("what do ppl say abt govt control", KNOWN)
    assert spelling.read == "what do people say about government control"
    assert describe_corrections("ppl abt govt", [spelling]) == "“ppl” read as “people”, “govt” read as “government”"


def test_of_two_words_that_are_as_near_and_as_frequent_none_is_meant():
    counts = {"reading": 2, "leading": 2, "crater": 1, "creater": 1}
    known = KnownWords(Vocabulary(tuple(sorted(counts)), counts), frozenset(), split_terms, lambda _: False)
    assert correct_spelling("craeter", known).read == "creater"  # neighbours
    assert correct_spelling("craxter", known).read == "crater"
    more = KnownWords(
        Vocabulary(("bladder", "blather"), {"bladder": 1, "blather": 1}), frozenset(), split_terms, lambda _: False
    )
    assert correct_spelling("blatder", more).corrections == ()
    frequent = more._replace(vocabulary=Vocabulary(("bladder", "blather"), {"bladder": 1, "blather": 2}))
    assert correct_spelling("blatder", frequent).read == "blather"


def test_a_corpus_without_a_vocabulary_changes_nothing():
    assert correct_spelling("waht is distilation", KNOWN._replace(vocabulary=Vocabulary())).corrections == ()


def test_of_a_question_of_nonsense_only_some_words_are_looked_at():
    question = " ".join(f"vacxine{'abcdefghijklmnopqrstuvwxyz'[n]}q" for n in range(26)) + " modles"
    assert correct_spelling(question, KNOWN).read == question


@pytest.mark.parametrize("word", ["colour", "analyse", "sceptical", "sub" + "atomic", "cyber" + "punks", "thats"])
def test_english_is_more_than_its_list(word):
    assert is_english(word)


def test_corrections_are_described_without_words_that_name_no_subject():
    pairs = [("waht", "what"), ("Modles", "Models"), *((c * 4, c * 5) for c in "abcde")]
    text = " ".join(written for written, _ in pairs)
    found = Spelling(text, "", tuple(Correction(*pair) for pair in pairs))
    described = "“Modles” read as “Models”, “aaaa” read as “aaaaa”, “bbbb” read as “bbbbb”, “cccc” read as “ccccc”"
    assert describe_corrections(text, [found]) == f"{described}, 2 more words read otherwise"
    assert describe_corrections("waht", [found]) == ""


def test_a_whole_of_several_questions_is_known_as_it_was_written():
    written = ["what are open modles?", "and vacines?", "why tariffs?"]
    parts = [correct_spelling(text, KNOWN) for text in written]
    whole = "what are open modles? and vacines?"
    assert restore_spelling("what are open models? and vaccines?", parts) == whole
    models, vaccines = "“modles” read as “models”", "“vacines” read as “vaccines”"
    assert describe_corrections(whole, parts) == f"{models}, {vaccines}"
    assert describe_corrections("and vacines?", parts) == vaccines


# The vocabulary


def test_the_vocabulary_counts_the_plain_words_of_the_passages(tmp_path):
    lexical = Lexical(tmp_path / "a", create=True)
    bodies = ["The café's open-weight Models, 2026.\nOf the gpt4 us", "models (open) or MODELS"]
    lexical.add([0, 1], [1, 1], bodies)
    lexical.commit()
    assert lexical.vocabulary.counts == {"café": 1, "models": 2, "open": 2, "weight": 1}
    assert list(lexical.vocabulary.words) == sorted(lexical.vocabulary.counts)
    assert lexical.holds("model")
    assert not lexical.holds("models")
    again = Lexical(tmp_path / "b", create=True)
    again.add([0, 1], [1, 1], bodies[::-1])
    again.commit()
    assert (tmp_path / "a" / VOCABULARY).read_bytes() == (tmp_path / "b" / VOCABULARY).read_bytes()
    (tmp_path / "b" / VOCABULARY).unlink()
    assert Lexical(tmp_path / "b").vocabulary == Vocabulary()


def test_only_the_most_frequent_words_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.index.keyword_index.MOST_WORDS", 2)
    lexical = Lexical(tmp_path / "a", create=True)
    lexical.add([0, 1], [1, 1], ["zebra apple melon", "zebra"])
    lexical.commit()
    assert lexical.vocabulary.counts == {"apple": 1, "zebra": 2}


def test_plain_words_are_of_letters_alone():
    assert find_plain_words("It's gpt4 Naïve-models_x " + "y" * 30) == ["naïve", "models", "y" * 30]


# A question goes through

ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
ROWS = [
    ("ann", "2026-02-02", "paper", [ANN], "Distillation of spirits is forbidden in private kitchens. Salt is cheap."),
    ("bea", "2026-10-02", "herald", [BEA], "Distillation of spirits is not forbidden in barns. Bread is dear."),
    ("cats", "2026-11-02", "herald", [BEA], "Cats sleep all night, and nobody knows why they purr."),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


def cited(answer):
    return {c.entry.id for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "understood", "expected"),
    [
        ("Is distillation of spirits forbidden?", "", {"ann", "bea"}),
        ("is distilation of spirts forbiden", "“distilation” read as “distillation”", {"ann", "bea"}),
        ("waht did Archr say abuot distillation of spirits?", "Ann Archer", {"ann"}),
        ("what did bindre say about distillation of spirits?", "Bea Q. Binder, “bindre” read as “binder”", {"bea"}),
    ],
)
def test_the_answer_is_that_of_the_question_as_it_is_read(corpus, question, understood, expected):
    answer = corpus.ask(question, today=TODAY)
    assert answer.question == question
    assert answer.understood.startswith(understood)
    assert cited(answer) == expected
    explained = corpus.explain(question, today=TODAY)
    assert (explained.question, explained.covered) == (question, True)


def test_what_is_unknown_counts_as_missing(corpus):
    answer = corpus.ask("Do wombats play marimbas at Wembley?", today=TODAY)
    assert (answer.covered, answer.understood) == (False, "")


def test_where_only_the_question_as_it_is_written_is_answered_that_counts(corpus, tmp_path):
    """Nobody asked for Binder's words: “bindr” is a stitch here, which the corpus does not have."""
    row = {"id": "yarn", "published": "2026-11-03", "source": "paper", "people": [ANN], "title": "On yarn", "tier": 1}
    text = "The purl stitch comes before the knit stitch in every row."
    file = tmp_path / "yarn.jsonl"
    file.write_text(json.dumps(row | {"kind": "event", "summary": "", "text": text}) + "\n", encoding="utf-8")
    corpus.refresh([file])
    question = "What did bindr say: which stitch comes before the knit stitch in every row?"
    answer = corpus.ask(question, today=TODAY)
    assert (cited(answer), answer.understood) == ({"yarn"}, "")


def test_a_follow_up_is_read_in_the_same_way_and_shown_as_it_is_written(corpus):
    earlier = ["Is distilation of spirits forbidden?"]
    answer = corpus.ask("and in ktchens?", earlier=earlier, today=TODAY)
    assert answer.question == "Is distilation of spirits forbidden? and in ktchens?"
    assert answer.understood == "“distilation” read as “distillation”, “ktchens” read as “kitchens”"
    other = corpus.ask("Why do cats purr all nihgt?", earlier=earlier, today=TODAY)
    assert (cited(other), other.understood) == ({"cats"}, "“nihgt” read as “night”")


def test_a_timeline_reads_its_topic_so(corpus):
    answer = corpus.timeline("distilation of spirits")
    assert (cited(answer), answer.question) == ({"ann", "bea"}, "distilation of spirits")
    assert answer.understood == "“distilation” read as “distillation”"


# Generations


@pytest.mark.usefixtures("corpus")
def test_a_damaged_vocabulary_is_found_before_it_is_read(settings):
    file = settings.data_dir / "index" / "000001" / "lexical" / VOCABULARY
    file.write_text(file.read_text(encoding="utf-8").replace("distillation", "destillation"), encoding="utf-8")
    with pytest.raises(generation.IndexDamaged, match=VOCABULARY):
        _ = generation.Generation(file.parent.parent).lexical


def test_an_index_from_before_there_was_a_vocabulary_answers_and_takes_words_as_they_are_written(corpus, settings):
    corpus.close()
    folder = settings.data_dir / "index" / "000001"
    (folder / "lexical" / VOCABULARY).unlink()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["manifest"]  # its own checksum, which it had not then
    manifest["checksums"] = {name: value for name, value in manifest["checksums"].items() if "/" not in name}
    manifest["recipe"]["words"] = "1"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with open_corpus(settings, corpus._models.embedder) as opened:
        answer = opened.ask("waht is distilation?")
        assert (answer.generation, answer.understood) == (1, "")
        assert opened.ask("What is distillation?").covered
        assert opened.status().outdated == ("words",)
