"""MinHash: how much two sets share, by a few numbers of each. Broder, "On the resemblance of documents", 1997.

Computed here and not by a library: the one that has the same values, datasketch (scheme "affine32", seed 1), imports
scipy: 0.6 s and 39 MB in each refresh. The values are kept beside the entries, so they stay.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

SEED = 1
HASHED = 2000  # members at a time: each takes 4 bytes for each of the numbers, and 1 MB stays near the processor


def min_hash(members: npt.NDArray[np.uint32], count: int) -> npt.NDArray[np.uint32]:
    """Return so many numbers of a set of hashes: two sets agree in a share of them that is their Jaccard similarity.

    Each is the least that the members are under a permutation of all 32-bit numbers; of an empty set, the greatest.
    """
    factors, summands = permutations(count)
    mixed = mix(members)
    least = np.full(count, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(mixed), HASHED):
        permuted = np.multiply.outer(factors, mixed[start : start + HASHED])
        permuted += summands[:, np.newaxis]
        np.minimum(least, permuted.min(axis=1), out=least)
    return least


@cache
def permutations(count: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Return factors and summands of permutations modulo 2³²; an odd factor has an inverse, so no two become one."""
    drawn = np.random.RandomState(SEED)  # numpy promises the same numbers of this generator for good
    factors = drawn.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, count, dtype=np.uint32)


def mix(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the hashes with their bits spread over all of theirs: MurmurHash3's finalizer, one to one."""
    mixed = (hashes ^ hashes >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    mixed = (mixed ^ mixed >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return mixed ^ mixed >> np.uint32(16)
