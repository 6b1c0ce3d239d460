"""The pictures of the README show a message as a member sees it: each mark that the bot uses, and nothing hidden."""

import pytest
from look import content, message, page

NAMES = {"7": "ask-here", "8": "makers"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-# Question: why?", '<div class="small">Question: why?</div>'),
        ("### [A](<https://example.org/a>)", '<div class="title"><a href="https://example.org/a">A</a></div>'),
        ("> so **[1]**", '<div class="quote">so <b>[1]</b></div>'),
        ("- one", '<div class="item">one</div>'),
        ("\\*no\\* \\<@7\\> \\[x\\](y)", "<div>*no* &lt;@7&gt; [x](y)</div>"),
        ("**a\\*b**", "<div><b>a*b</b></div>"),
        ("<t:1780315200:D>", '<div><span class="time">1 June 2026</span></div>'),
        ("<t:1780315200:d>", '<div><span class="time">01/06/2026</span></div>'),
        ("<#7>", '<div><span class="mention">#ask-here</span></div>'),
        ("<@&8>", '<div><span class="mention">@makers</span></div>'),
        ("<@9>", '<div><span class="mention">@9</span></div>'),
        ("</ask:123>", '<div><span class="mention">/ask</span></div>'),
        ("<script>alert(1)</script>", "<div>&lt;script&gt;alert(1)&lt;/script&gt;</div>"),
        ("[x](https://unfurls.example)", "<div>[x](https://unfurls.example)</div>"),
    ],
)
def test_marks_look_as_discord_shows_them(text, shown):
    assert content(text, NAMES) == shown


def test_a_message_has_its_buttons_menus_and_who_sees_it():
    buttons = [{"type": 2, "style": 4, "label": "Delete", "emoji": {"name": "🗑️"}, "disabled": True}]
    places = {"type": 8, "placeholder": "Channels", "default_values": [{"id": 7, "type": "channel"}]}
    words = {"type": 3, "options": [{"label": "Public", "default": False}], "placeholder": "How"}
    rows = [{"type": 1, "components": inner} for inner in (buttons, [places], [words])]
    shown = message({"content": "so", "flags": 64, "components": rows}, NAMES, used="**Ada** used </ask:1>")
    assert '<span class="button red off">🗑️ Delete</span>' in shown
    assert "#ask-here" in shown
    assert ">How<" in shown
    assert "Only you can see this" in shown
    assert '<b>Ada</b> used <span class="mention">/ask</span>' in shown
    assert "Only you" not in message({"content": "so", "flags": 0, "components": []}, NAMES)


def test_a_page_brings_all_it_needs():
    whole = page([message({"content": "so", "flags": 0, "components": []}, NAMES)])
    assert "http" not in whole
    assert "document.title" in whole
