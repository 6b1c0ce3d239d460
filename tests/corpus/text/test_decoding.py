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
    assert found.note == (f"{claims}; it was read as {found.charset}, a guess" if is_guess else "")


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
    mixed = page(f"{twice_encoded('Café société')} © Ünal").encode()
    found = decode_document(mixed)
    assert twice_encoded("Café société") in found.text
    assert found.note.startswith("seems to have been encoded twice in places (“")
    assert is_garbled(twice_encoded("Café société"))
    assert all(is_garbled(twice_encoded(word)) for word in ("It’s", "três", "número", "naïve", "Größe", "20 °C"))


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        POLISH,
        RUSSIAN,
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


def test_five_megabytes_of_anything_take_seconds():
    noise = random.Random(1).randbytes(5_000_000)  # noqa: S311
    for body in (noise, b"\xe2\x80" * 2_500_000, "â€™".encode() * 600_000, b"\x81" * 5_000_000):
        assert decode(body).text
