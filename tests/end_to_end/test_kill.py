"""A refresh that is killed loses nothing. `kill_refreshes.py` does the same a hundred times, and has other troubles."""

import random

import pytest
from fakes import ToyEmbedder
from kill_refreshes import trials

pytestmark = pytest.mark.slow


def test_a_refresh_that_is_killed_while_it_builds_the_index_can_be_done_again(tmp_path):
    """`disturb` itself asserts what must hold afterwards; here, that the kill came in time."""
    chance = random.Random(3)  # noqa: S311  no secret
    with trials(tmp_path, ToyEmbedder(), toy=True, posts=6, history=5, little=3) as all_:
        assert all_.disturb("building", chance).ended == -9
