"""The pictures of the README and the pages show what the bot says today."""

import asyncio
import json

import pytest
from command import ROOT
from pictures import TEXTS, perform, texts_of


@pytest.mark.slow
def test_each_picture_shows_what_is_sent():
    """Where this fails, look at what has changed, and draw them anew: python tests/support/pictures.py."""
    shown = json.loads((ROOT / "docs" / "pictures" / TEXTS).read_text(encoding="utf-8"))
    assert texts_of(*asyncio.run(perform())) == shown
