"""Names of people are told from what is written beside them, and from who is no person."""

import time

import pytest

from corpus.ingest.parse.people import clean_people


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ("Von A. Quill und B. Marsh", ["A. Quill", "B. Marsh"]),
        ("Por Ada Quill y Bo Marsh", ["Ada Quill", "Bo Marsh"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ada Quill; Bo Marsh / Cy Wren", ["Ada Quill", "Bo Marsh", "Cy Wren"]),
        ("Ada Quill, Madonna and Bo Marsh", ["Ada Quill", "Madonna", "Bo Marsh"]),
        ("Madonna, Prince and Cher", ["Madonna", "Prince", "Cher"]),
        (", ".join(f"Ada Quill{'x' * n}" for n in range(20)), [f"Ada Quill{'x' * n}" for n in range(20)]),
        ("Quill, Ada", ["Ada Quill"]),
        ("van der Berg, Jan", ["Jan van der Berg"]),
        ("Ludwig van der Berg", ["Ludwig van der Berg"]),
        ("bell hooks", ["bell hooks"]),
        ("莫言", ["莫言"]),
        ("Хелен Иванова и Пётр Петров", ["Хелен Иванова", "Пётр Петров"]),
        ("作者：莫言", ["莫言"]),
        ("文：山田太郎　写真：鈴木花子", ["山田太郎"]),
        ("作者：张伟 编辑：李娜", ["张伟"]),
        ("新华社", []),
        ("本报评论员", []),
        ("共同通信", []),
        ("MAGGIE O'DALE & J.R.R. TOLKIEN", ["Maggie O'Dale", "J.R.R. Tolkien"]),
        ("ada@garden.example (Ada Quill)", ["Ada Quill"]),
        ("Ada Quill (Garden House)", ["Ada Quill"]),
        ("Dr. Ada Quill, PhD", ["Ada Quill"]),
        ("Prof. Dr. med. Ada Quill", ["Ada Quill"]),
        ("Dr. Seuss", ["Dr. Seuss"]),
        ("Words Ada Quill Photography Bo Marsh", ["Ada Quill"]),
        ("TEXT ADA QUILL PHOTOS BO MARSH", ["Ada Quill"]),
        ("Author: Ada Quill Date: 3 March 2026 Category: Pumps", ["Ada Quill"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Autor: Ada Quill, fot. Bo Marsh", ["Ada Quill"]),
        ("Ein Interview von Ada Quill", ["Ada Quill"]),
        ("Ein Gastbeitrag von Ada Quill und Bo Marsh", ["Ada Quill", "Bo Marsh"]),
        ("Propos recueillis par Ada Quill", ["Ada Quill"]),
        ("By Ada Quill. Edited by Bo Marsh.", ["Ada Quill"]),
        ("Medically reviewed by Bo Marsh — Written by Ada Quill", ["Ada Quill"]),
        ("Filed under Pumps by Ada Quill", ["Ada Quill"]),
        ("By Bo Marsh, as told to Ada Quill", ["Bo Marsh", "Ada Quill"]),
        ("Bo Marsh, interviewed by Ada Quill", ["Ada Quill"]),
        ("Nguyen Hai", ["Nguyen Hai"]),
        ("Ai Weiwei", ["Ai Weiwei"]),
        ("Richard Courant", ["Richard Courant"]),
        *(
            (nobody, [])
            for nobody in ("Mozilla", "Hugging Face", "Google Research", "Anthropic", "Stanford HAI", "Harbour AI")
        ),
        ("Ada Quill Senior Washington Correspondent", ["Ada Quill"]),
        ("Ada Quill for Garden Daily", ["Ada Quill"]),
        ("Ada Quill, Berlin", ["Ada Quill"]),
        ("By ADA QUILL and BO MARSH - AP Technology Writers", ["Ada Quill", "Bo Marsh"]),
        ("Ada Quill | Sep. 21, 2011, 3:17 PM | Comments", ["Ada Quill"]),
        ("Posted by Ned Deily at 5:11 AM", ["Ned Deily"]),
        ("June 5, 2019 by Ada Quill", ["Ada Quill"]),
        ("Words by Ada Quill, photos by Cy Wren", ["Ada Quill"]),
        ("Lindsey O&#039;Dale", ["Lindsey O'Dale"]),
        *(
            (nobody, [])
            for nobody in ("admin", "Staff", "Guest author", "Editorial Team", "Super User", "Redacci&oacute;n X")
        ),
        *(
            (nobody, [])
            for nobody in ("ada.quill", "adaquill99", "AdaQuill", "@ada", "gardens.example", "Quill & Sons")
        ),
        *(
            (nobody, [])
            for nobody in ("Garden House GmbH", "The Garden Press", "Ministerium der Gärten", "", "—", "x" * 200)
        ),
        *(
            (nobody, [])
            for nobody in ("Photo: Cy Wren", "Illustration by Cy Wren", "Garden Daily (www.garden.example)")
        ),
    ],
)
def test_the_people_are_those_that_are_named(written, people):
    assert list(clean_people([written])) == people


def test_a_site_is_its_author_only_where_it_is_called_as_a_person_is():
    text = "In a garden, notes are taken daily."
    assert clean_people(["Garden Notes"], {"Garden Notes"}, text) == ()
    assert clean_people(["Ada Quill"], {"Ada Quill"}, text) == ("Ada Quill",)
    assert clean_people(["Ada Quill"], {"Ada Quill"}) == ()


def test_the_name_of_the_site_behind_a_name_is_cut():
    assert clean_people(["Ada Quill Harbour, Norway"], {"harbour"}) == ("Ada Quill",)
    assert clean_people(["Ada Harbour"], {"harbour"}) == ("Ada Harbour",)


def test_what_stands_on_a_page_where_names_stand_may_be_a_sentence():
    assert clean_people(["By the time they came, it was gone"], certain=False) == ()
    assert clean_people(["read on"], certain=False) == ()
    assert clean_people(["By Ada Quill on 4 May 2026"], certain=False) == ("Ada Quill",)


@pytest.mark.parametrize("sign", [" ", ",", "@", "(", "and ", "A. ", "| ", "\u200b", "1", "www.", ". ", "and, "])
def test_no_text_takes_long(sign):
    start = time.process_time()
    clean_people([sign * 200_000] * 300, {"Garden"}, "x" * 500_000, certain=False)
    clean_people([sign * 200_000] * 300)
    assert time.process_time() - start < 8
