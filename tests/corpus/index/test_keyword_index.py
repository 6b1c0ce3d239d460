"""What the lexical index leaves in the folder of a generation."""

import time

from corpus.index.keyword_index import Lexical


def test_nothing_is_written_into_a_folder_after_its_commit(tmp_path):
    """The library looks for commits every half second by itself, and took a lock for that: damage to the generation."""
    lexical = Lexical(tmp_path / "lexical", create=True)
    lexical.add([1, 2], [1, 1], ["Cats sleep all day.", "They hunt at dawn."])
    lexical.commit()
    committed = {file.name for file in (tmp_path / "lexical").iterdir()}
    assert "meta.json" in committed
    time.sleep(0.7)
    assert {file.name for file in (tmp_path / "lexical").iterdir()} == committed
    assert list(lexical.matching(["hunt"], 5)) == [2]
