"""Bytes become the text that was meant; one wrong byte is one wrong character, and it is said where."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text.decoding import decode, is_garbled
from corpus.text.media_type import decode_document

FRENCH = "Le café était fermé à l’heure où Léa arriva – « désolée », dit-elle, et repartit."
POLISH = "Zażółć gęślą jaźń; każdy może wziąć udział w życiu miasta."
RUSSIAN = "Открытые модели распространяются, потому что никому не нужно просить разрешения."
JAPANESE = "公開されたモデルは、誰の許可もなく動かせるので広まる。それが小さな会社にとっての唯一の利点だ。"


def page(text, charset="", scripts=0):
    meta = f'<meta charset="{charset}">' if charset else ""
    return (
        f"<!DOCTYPE html><html><head>{'<script>x=1</script>' * scripts}{meta}</head><body><p>{text}</p></body></html>"
    )


@pytest.mark.parametrize(
    ("before", "bad", "behind"),
    [
        ("Naïve façade – “curly”, one bad byte ", b"\x96", " here"),
        ("Пример текста, один байт ", b"\xe9", " лишний"),
        ("Nobody’s café is cut in the middle of “", b"\xe2\x80", " of a sign"),
        ("Zażółć gęślą ", b"\xf0\x9f\x98", " jaźń"),
    ],
)
@pytest.mark.parametrize("claimed", ["utf-8", "iso-8859-1", None])
def test_a_bad_byte_in_utf_8_is_one_lost_character_and_said(before, bad, behind, claimed):
    body = page(before).encode().replace(b"</p>", bad + f"{behind}</p>".encode())
    found = decode_document(body, claimed)
    assert f"{before}\ufffd{behind}" in found.text
    assert found.note.startswith("has 1 byte that is no UTF-8, shown as \ufffd (the first behind “")
    assert before.split()[-1] in found.note
    assert is_garbled(f"{before}\ufffd{behind}")
    assert not is_garbled(before)


@pytest.mark.parametrize(
    ("text", "codec", "claimed"),
    [
        (FRENCH, "cp1252", None),
        (FRENCH, "cp1252", "utf-8"),
        ("It’s a dog’s life – “so they say”", "cp1252", "utf-8"),
        (FRENCH, "utf-8", "iso-8859-1"),
        (POLISH, "utf-8", "windows-1250"),
        (POLISH, "cp1250", "windows-1250"),
        (POLISH, "iso8859-2", "latin2"),
        (RUSSIAN, "cp1251", "x-cp1251"),
        (RUSSIAN, "koi8-r", None),
        (RUSSIAN, "cp1251", "utf-8"),
        (JAPANESE, "cp932", "x-sjis"),
        (JAPANESE, "cp932", None),
        (JAPANESE, "euc_jp", None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        ("小小的花园", "gb2312", "gb2312"),
        ("공개 모델은 누구의 허락도 없이", "cp949", "ks_c_5601-1987"),
        (FRENCH, "utf-16", None),
        (FRENCH, "utf-32", None),
        (FRENCH, "utf-8-sig", "windows-1252"),
    ],
)
def test_a_text_is_read_in_the_set_that_it_is_in(text, codec, claimed):
    found = decode_document(page(text).encode(codec), claimed)
    assert text in found.text
    claims = "claims to be UTF-8 and is not" if claimed else "names no character set and is no UTF-8"
    is_guess = claimed in {None, "utf-8"} and not codec.startswith("utf")
    why = "as its words show" if codec == "euc_jp" else "a guess"
    assert found.note == (f"{claims}; it was read as {found.charset}, {why}" if is_guess else "")


@pytest.mark.parametrize(
    ("body", "text", "count"),
    [
        ("“old” and “new” It".encode() + b"\x92s na\xefve", "“old” and “new” It’s na\ufffdve", 1),
        ("“old”, “new”: caf".encode() + b"\xe9, r\xe9sum\xe9", "“old”, “new”: café, résumé", 3),
        ("„Mühle“ schöne Stra".encode() + b"\xdfe", "„Mühle“ schöne Straße", 1),
        ("naïve – “a”: end".encode() + b"\x85", "naïve – “a”: end…", 1),
    ],
)
def test_a_byte_of_windows_within_a_word_of_utf_8_is_read_as_such_and_said(body, text, count):
    found = decode(body)
    assert (found.text, found.charset) == (text, "utf-8")
    assert f"has {count} byte{'s' * (count > 1)} of Windows-1252 within UTF-8, read as such" in found.note


CZECH = "Mlýn stojí u řeky a nikdo už neví, kdy byl postaven; šel jsem tam včera."
TURKISH = "Değirmen eskidir, ışık söndü. İstanbul şehri güzeldir ve herkes bunu bilir."
HEBREW = "הטחנה ישנה והיא עדיין מסתובבת ליד הנהר."


@pytest.mark.parametrize(
    ("text", "codec", "lang"),
    [
        (POLISH, "cp1250", ""),
        (POLISH, "iso8859-2", "pl"),
        ("Źródło. Żaba. Ćma.", "cp1250", "pl-PL"),
        (CZECH, "cp1250", ""),
        (CZECH, "iso8859-2", ""),
        ("A malom a folyó mellett áll, és senki sem tudja, mikor építették; őszintén.", "iso8859-2", ""),
        (TURKISH, "cp1254", ""),
        (TURKISH, "cp1254", "tr"),
        ("Malūnas stovi prie upės, ir niekas nežino, kada jis buvo pastatytas.", "cp1257", ""),
        (HEBREW, "cp1255", ""),
        ("טחנה", "cp1255", "he"),
        ("Ο μύλος", "cp1253", "el"),
        ("水車。", "cp932", "ja"),
        (JAPANESE, "euc_jp", ""),
    ],
)
def test_the_words_tell_the_set_where_nothing_else_does(text, codec, lang):
    body = page(text).replace("<html>", f'<html lang="{lang}">' if lang else "<html>")
    found = decode_document(body.encode(codec))
    assert text in found.text
    assert found.note == f"names no character set and is no UTF-8; it was read as {found.charset}, as its words show"


@pytest.mark.parametrize("lang", ["", "en", "pl"])
@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "le café était fermé à l'été. " * 9,
        "é à è ç ê ô î " * 9,
        "Die Mühle steht – groß und schön – „am Fluß“, 5 m² und 3 €.",
    ],
)
def test_a_page_of_western_europe_is_read_as_such_whatever_its_template_says(text, lang):
    found = decode_document(page(text).replace("<html>", f'<html lang="{lang}">').encode("cp1252"))
    assert (text in found.text, found.charset) == (True, "cp1252")


def test_what_a_guess_spoils_is_told_and_not_quoted():
    found = decode_document(page("The m³ll and the whe±l of the to¿n are very old, and nobody knows.").encode("cp1252"))
    assert "the whe\ufffdl of" in found.text
    assert "a guess that its words disprove" in found.note
    assert is_garbled(found.text)


def test_a_sign_that_was_written_as_two_halves_is_one():
    halves = "🙂".encode("utf-16-be").hex()
    body = "".join(chr(int(halves[at : at + 4], 16)) for at in (0, 4)).encode("utf-8", "surrogatepass")
    assert decode(page(FRENCH).encode() + body) == (f"{page(FRENCH)}🙂", "utf-8", "")


def test_a_charset_is_found_behind_long_scripts_and_not_in_a_comment():
    body = page(POLISH, "iso-8859-2", scripts=400).encode("iso8859-2")
    assert body.index(b"charset") > 5000
    assert POLISH in decode_document(body).text
    assert POLISH in decode_document(b'<!-- <meta charset="koi8-r"> -->' + body).text
    assert decode_document(b"<!--" * 20_000 + page(FRENCH).encode()).charset == "utf-8"


def test_controls_that_stand_for_signs_of_windows_are_those_signs():
    found = decode("It\x92s \x93so\x94 \x96 naïve".encode())
    assert found.text == "It’s “so” – naïve"
    assert found.note.startswith("has control characters that stand for “ ” ’ –")


def test_what_the_page_says_counts_where_the_server_is_disproved():
    body = page(POLISH, "iso-8859-2").encode("iso8859-2")
    assert POLISH in decode_document(body, "utf-8").text
    assert decode_document(body, "utf-8").note == ""


def test_what_was_encoded_twice_is_mended_where_all_of_it_was_and_else_said():
    twice = twice_encoded(page(FRENCH))
    found = decode_document(twice.encode())
    assert FRENCH in found.text
    assert found.note.startswith("was encoded twice (“")
    found = decode(twice_encoded("é").encode())
    assert found.text == twice_encoded("é")  # once, and no more
    assert found.note.startswith("seems to have been encoded twice in places (“")
    assert is_garbled(twice_encoded("Café société"))
    assert all(is_garbled(twice_encoded(word)) for word in ("It’s", "três", "número", "naïve", "Größe", "20 °C"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("It is 5â€“10 of them.", "It is 5–10 of them."),
        ("Itâ€™s the wheel.", "It’s the wheel."),
        ("© Ünal: CafÃ© sociÃ©tÃ© et naÃ¯ve", "© Ünal: Café société et naïve"),
        ("SÃO PAULO, AÇÕES: nÃºmero, nÃ£o", "SÃO PAULO, AÇÕES: número, não"),
        (RUSSIAN.encode().decode("cp1251", "replace").replace("\ufffd", "\x98"), RUSSIAN),
        ("Сёмга и Рёв: РњРµР»СЊРЅРёС†Р° РЅРµ СЃС‚РѕРёС‚", "Сёмга и Рёв: Мельница не стоит"),
    ],
)
def test_what_was_encoded_twice_in_places_is_mended_there(written, meant):
    found = decode(written.encode())
    assert found.text == meant
    assert found.note.endswith("which was undone")


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        POLISH,
        RUSSIAN,
        "Сёмга. РЁВ. РЕКА. ССС и РРР, № 5.",
        JAPANESE,
        "SÃO PAULO, AÇÕES, «MANHÃ» “MANHÔ MANHÃ… MANHÃ – sim",
        "Â la carte",
        "PÂTÉ Â",
        "Ã",
        "10 Å, 5 µm",
    ],
)
def test_what_is_meant_is_left_alone(text):
    assert not is_garbled(text)
    assert decode(text.encode()) == (text, "utf-8", "")


def twice_encoded(text):
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in text.encode()
    )


@settings(deadline=None, max_examples=200)
@given(
    st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.none() | st.text(max_size=12) | st.sampled_from(["utf-7", "zip", "undefined", "hex", "utf-16", "x-sjis"]),
)
def test_nothing_is_too_odd(body, label):
    found = decode(body, label, label)
    found.text.encode()
    assert "\n" not in found.note


@pytest.mark.slow
def test_five_megabytes_of_anything_take_seconds():
    noise = random.Random(1).randbytes(5_000_000)  # noqa: S311
    for body in (noise, b"\xe2\x80" * 2_500_000, "â€™".encode() * 600_000, b"\x81" * 5_000_000):
        assert decode(body).text
