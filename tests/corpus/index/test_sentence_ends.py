"""A sentence ends where a reader of its language would end it; where it is in doubt, two stay together."""

from itertools import pairwise

import pytest
from build import quick, take_in
from hypothesis import given
from hypothesis import strategies as st

from corpus.index.chunking import SENTENCE, split_passages, split_sentences
from corpus.index.sentence_ends import ABBREVIATIONS, find_sentence_ends


def said(text, language, edges=()):
    return [text[s.start : s.end] for s in split_sentences(text, language, edges)]


SENTENCES = [
    ("de", ("Am 5. März 2026 hat die Stadt bzw. der Hafen das Kranmodell abgelehnt.| Die 1. Fassung war z. B. "
           "nicht sicher, die 2. dagegen schon.| Am 5. November 2025 kam er.| Das gilt u. a. für Berlin.")),
    ("de", ("Er nahm evtl. Kosten inkl. Steuer auf sich.| Vgl. Abb. 3.| Prof. Weiß zahlte ca. 5 Mio. Euro.| "
           "Siehe Kapitel 3.| Danach ging er d. h. Meier.")),
    ("de-AT", "Im Jahr 2025 kam er zurück.| Es war 2025.| Danach begann das 21. Jahrhundert."),
    ("de", "Im 3. Quartal sank der Preis.| Zum 2. Mal verlor das sog. Kranmodell."),
    ("en", ("It costs approx. 5 coins.| See Eq. 3, Fig. 2 and App. B there.| Smith et al. (2020) had it in Sec. 4.| "
           "It is No. 5.")),
    ("en", "See Eqs. 3 and 4, Tab. 1, Ref. 5, Ch. 3, pp. 5-6, and Ada vs. them.| I like the app.| I use it."),
    ("en", "The U.S. Govt. objected.| It rose by 3 pct. in May.| It is fun.| iPhone sales grew.| xAI too."),
    ("ja", "市長は「安全だ。しかし高い。」と述べた。|港は「使わない。」としている。|「もう十分だ！」と叫んだ。"),
    ("ja", "彼は「そうだ。」と言った。|次の文です。|『本当か。』と彼女は聞いた。|これは「負けない。」という意味だ。"),
    ("ja", "「はい。」|「いいえ。」|しかし、違う。|「速い。」などの声がある。"),
    ("zh-Hant", "他說：「是的。」|下一句。|「開放。」的確如此。|「對。」他說。"),
    ("ko", '그는 "그렇다."라고 말했다.| 다음이다.'),
    ("fr", "M. Dupont est arrivé.| L'art. 5 dit non, cf. p. 5.| C'est env. 5 km.| « Non. » dit-il.| Fin."),
    ("es", "El Sr. García llegó.| La Sra. López, p. ej. en Madrid.| Véase la pág. 5 del núm. 3.| ¿Sí?| ¡No!"),
    ("pt-BR", "O Sr. Silva chegou.| P. ex. em Lisboa.| Véase o art. 5 de tudo.| Fim."),
    ("it", "Il sig. Rossi è arrivato.| Ad es. a Roma.| Il dott. Bianchi cita l'art. 5 qui.| Sì."),
    ("pl", "W dn. 5 marca był np. w Polsce m.in. tak.| Prof. Kowalski.| Tzn. nie.| To 1. wersja tekstu."),
    ("ru", "В г. Москве, т. е. там.| Проф. Иванов.| Это 5 тыс. руб. стоит.| См. рис. 3 ниже."),
    ("cs", "Dne 5. března 2026 přišel např. Jan.| Viz č. 5 tam."),
    ("da", "Den 5. marts kom f.eks. Jens bl.a. her.| Slut."),
    ("nb", "Den 5. mars kom f.eks. Jens bl.a. her.| Slutt."),
    ("nl", "Bijv. Jan kwam op 5 maart.| D.w.z. niet.| Einde."),
    ("fi", "Maaliskuun 5. päivä tuli esim. Matti.| Loppu."),
    ("hu", "2026. március 5. napján jött pl. János.| Vége."),
    ("tr", "Bu 5. madde der ki.| Örn. Ali geldi.| Son."),
    ("tr", "Kale 12. Yüzyılda yapıldı.| Yıl 2020.| Sonra yıkıldı."),
    ("fr", "La tour date de 30 av. J.-C. selon la ville.| Elle penche.| Au t. XIV on lit tout.| Fin."),
    ("de", "Das Tor (Anm. d. Red.: das alte) steht.| Siehe Bd. IV der Chronik, 2. Aufl., S. 33.| Dort steht es."),
    ("pt", "No séc. XIX havia um porto.| Era pequeno.| Veja o cap. IV do livro."),
    ("es", "En el s. XIX hubo un puerto.| Era pequeño."),
    ("pl", "W 1999 r. Gdańsk miał port im. Kopernika.| Stoi."),
    ("uk", "У 1999 р. Одеса мала порт.| Він стоїть."),
    ("nb", "Den kostet 3 mill. Kroner i året.| Det er mye."),
    ("hi", "डॉ. अदा आईं।| प्रो. राम ने देखा।| वह रुकीं।"),
    ("bn", "ড. আদা এলেন।| তিনি রইলেন।"),
    ("ar", "جاء د. علي إلى الميناء.| وبقي هناك.| هل عاد؟| لا."),
    ("fa", "دکتر م. رضایی آمد.| او ماند."),
    ("zh", "他说：“港很旧。它还在。”然后走了。|她说：“不。”|我不信。"),
    ("en", "There are two ways: 1. Turn it.| 2. Stop it.| It was 5.| They left."),
    ("en", "See vol. XII of it.| The tower fell."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentences"), SENTENCES, ids=lambda value: value[:24])
def test_sentences_end_by_the_rules_of_their_language(language, sentences):
    assert said(sentences.replace("|", ""), language) == [one.strip() for one in sentences.split("|")]


@pytest.mark.parametrize("language", [None, "xx", "en-GB", "tlh", "zh-Hant-TW", "x" * 30])
def test_any_language_or_none_splits(language):
    assert said("One is here. Two is there.", language) == ["One is here.", "Two is there."]


def test_who_writes_without_capitals_has_sentences_all_the_same():
    text = "i saw it. they ran. it was fun. nobody knew."
    assert said(text, "en") == ["i saw it.", "they ran.", "it was fun.", "nobody knew."]


def test_an_item_of_a_list_keeps_its_number_in_any_language():
    assert said("Drei Dinge:\n1. Offene Daten\n2. Offener Code", "de") == [
        "Drei Dinge:", "1. Offene Daten", "2. Offener Code",
    ]  # fmt: skip


def test_a_sentence_ends_at_an_edge_and_is_not_joined_across_it():
    text = "The heading of it goes on and on. The rest. e.g. more"
    assert said(text, "en", [12, 43]) == ["The heading", "of it goes on and on.", "The rest.", "e.g. more"]
    [passage] = split_passages(text, lambda texts: [1 for _ in texts], 50, "en", [12])
    assert [text[s.start : s.end] for s in passage.sentences][:2] == ["The heading", "of it goes on and on."]


@pytest.mark.parametrize("edges", [[0, 5, 5, 500], [-3, 4], [30, 2]])
def test_edges_of_any_kind_lose_nothing(edges):
    text = "One and two. Three and four. Five"
    assert "".join(said(text, "en", edges)).replace(" ", "") == text.replace(" ", "")


def test_a_long_sentence_is_cut_where_nobody_takes_the_cut_for_its_end():
    """Behind a full stop, no "…" would be shown."""
    text = "Sie nahm " + "Holz bzw. Stein bzw. Kies aus dem Hafen " * 20 + "mit."
    parts = said(text, "de")
    assert len(parts) > 1
    assert not any(part.endswith((".", ")")) for part in parts[:-1])
    assert max(map(len, parts)) <= SENTENCE


MARKS = " .!?。」』”\n12aBéあ一'\""


@quick
@given(
    st.one_of(st.text(MARKS, max_size=80), st.text(max_size=80)),
    st.sampled_from([*ABBREVIATIONS, "ja", "zh", "ko", "th", None]),
)
def test_ends_go_through_any_text_in_order(text, language):
    ends = find_sentence_ends(text, language)
    assert all(a < b for a, b in pairwise([0, *ends]))
    assert ends[-1:] == [len(text)][: len(text)]


@pytest.mark.parametrize("language", ["de", "ja", "fr", "en"])
@pytest.mark.parametrize("text", ["z. B. " * 20_000, "「。」と" * 30_000, "5. März " * 15_000, "e.g. (" * 20_000])
def test_a_long_text_of_what_is_no_end_takes_linear_time(text, language):
    assert split_sentences(text, language)


GERMAN = (
    "Am 5. März 2026 hat die Stadt bzw. der Hafen das offene Kranmodell abgelehnt. Die 1. Fassung des Kranmodells war "
    "z. B. nicht sicher, die 2. dagegen schon. Der Hafen will es im Herbst noch einmal versuchen."
)


def test_an_entry_that_was_archived_without_its_language_is_quoted_in_whole_sentences_and_stays_as_it_was(
    toy, tmp_path
):
    rows = [("kran", "2026-05-04", "hafen", [], GERMAN)]
    take_in(toy, tmp_path, rows)
    answer = toy.ask("Hat die Stadt bzw. der Hafen am 5. März 2026 das offene Kranmodell abgelehnt?")
    assert answer.citations[0].quote.startswith("Am 5. März 2026 hat die Stadt bzw. der Hafen das offene Kranmodell ab")
    assert answer.citations[0].entry.language is None
    assert len(toy.refresh([tmp_path / "rows.jsonl"]).plan.unchanged) == 1


def test_the_language_of_a_file_that_does_not_say_it_is_kept_with_its_entry(toy, tmp_path):
    file = tmp_path / "kran.txt"
    file.write_text(f"---\ntitle: Der Kran\npublished: 2026-05-04\n---\n{GERMAN}", encoding="utf-8")
    toy.refresh([file])
    assert toy.page("kran").entry.language == "de"
    file.write_text(f"---\ntitle: Der Kran\npublished: 2026-05-04\nlanguage: en\n---\n{GERMAN}", encoding="utf-8")
    toy.refresh([file])
    assert toy.page("kran").entry.language == "en"  # a person wrote it
