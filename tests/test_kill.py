"""A refresh that is killed loses nothing. `kill_refreshes.py` does the same with the real model, 50 times."""

import pytest
from fakes import ToyEmbedder
from kill_refreshes import Trials, moments


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    return Trials(tmp_path_factory.mktemp("kill"), ToyEmbedder(), toy=True)


def test_a_killed_refresh_leaves_a_whole_generation_and_can_be_done_again(trials):
    """`kill` itself asserts what must hold after each; here, that enough were killed before their end."""
    outcomes = [trials.kill(moment) for moment in moments(trials.length, 8, seed=3)]
    assert sum(not outcome.finished for outcome in outcomes) >= 4
