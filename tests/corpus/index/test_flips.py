"""A flipped byte is met by the generation before. `flip_bytes.py` flips many more, in a larger index."""

import random

import pytest
from flip_bytes import Trials

pytestmark = pytest.mark.slow


def test_a_flipped_byte_of_any_file_never_changes_an_answer_nor_ends_a_command(tmp_path):
    """`flip` itself asserts what must hold; each file of the newest generation comes up once."""
    trials = Trials(tmp_path, entries=60, seed=1)
    chance = random.Random(1)  # noqa: S311  no secret
    places = list(trials.places(24, chance))
    assert {place.file for place in places} == set(trials.files)
    answered = [trials.flip(place, changing=number % 12 == 0) for number, place in enumerate(places)]
    assert answered.count("the one before") >= 23, answered
