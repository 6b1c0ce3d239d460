"""A short chaos run at each check; `python tests/support/chaos.py` is the long one."""

import pytest
from chaos import run

pytestmark = pytest.mark.slow


@pytest.mark.asyncio
async def test_every_question_ends_in_one_answer_while_discord_stumbles(tmp_path):
    found = await run(questions=30, seed=2, data=tmp_path / "data")
    assert found.wrong == ()
    assert found.answers + found.apologies + found.undelivered == 30
    assert found.faults
