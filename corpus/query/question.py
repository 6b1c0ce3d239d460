"""What a person asked, cleaned and checked."""

import unicodedata

from corpus.errors import QuestionRefused

LONGEST = 2000  # characters; the model reads about 1,000 of them
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean_question(question: str) -> str:
    """Return the question in one line, without control and invisible characters. Raises QuestionRefused."""
    # Joiners (Cf) are dropped too: they shape letters of some scripts, and carry no word of their own.
    visible = "".join(
        " " if c.isspace() else c for c in question if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    text = " ".join(visible.split())
    if not any(c.isalnum() for c in text):
        problem = "has no words" if text else "is empty"
        raise QuestionRefused(f"The question {problem}. Ask in words, for example: Will open models catch up?")
    if len(text) > LONGEST:
        raise QuestionRefused(
            f"The question has {len(text):,} characters; at most {LONGEST:,} are read. Ask for one thing in a sentence."
        )
    return text
