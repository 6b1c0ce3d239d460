"""The vectors of sentences, as they are kept and as they are read."""

import numpy as np

from corpus.index.passage_store import widen_halves


def test_every_finite_number_of_half_precision_is_read_as_it_is():
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    assert np.array_equal(widen_halves(finite), finite.astype(np.float32))
    assert np.signbit(widen_halves(np.array([-0.0], dtype=np.float16))).all()
