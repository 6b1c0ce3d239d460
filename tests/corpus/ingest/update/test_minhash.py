"""MinHash: the share of numbers that agree is the share of members that two sets have in common."""

import numpy as np
import pytest

from corpus.ingest.update.minhash import min_hash

DRAWN = np.random.default_rng(3).integers(0, 1 << 32, 3000, dtype=np.uint32)


@pytest.mark.parametrize("shared", [0, 300, 1000, 1800, 2000])
@pytest.mark.parametrize("hashes", [DRAWN, np.arange(3000, dtype=np.uint32)], ids=["drawn", "in a row"])
def test_sets_agree_as_far_as_they_are_the_same(shared, hashes):
    one, other = hashes[:2000], hashes[2000 - shared : 4000 - shared]
    jaccard = shared / (len(one) + len(other) - shared)
    assert np.mean(min_hash(one, 1024) == min_hash(other, 1024)) == pytest.approx(jaccard, abs=0.05)


def test_the_order_of_members_does_not_count():
    assert min_hash(DRAWN[::-1], 128).tolist() == min_hash(DRAWN, 128).tolist()


def test_nothing_has_numbers_too():
    assert min_hash(DRAWN[:0], 3).tolist() == [0xFFFFFFFF] * 3


def test_the_numbers_are_those_that_archives_have():
    """Of datasketch 2.0.0, MinHash(4, seed=1, hashfunc=int, scheme="affine32")."""
    assert min_hash(np.array([1, 2, 3, 0xFFFFFFFF], dtype=np.uint32), 4).tolist() == [
        63217260,
        131247162,
        102608476,
        1412089388,
    ]
