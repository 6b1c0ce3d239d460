"""How much of what comes from outside is taken, from end to end. The limits on single files stand in ingest/sources.py.

Measured by tests/budget_table.py: within these, no text known to us takes a refresh beyond the memory that the README
tells.
"""

# Of an entry: some 80,000 words, 640 passages of prose. No text of so many characters has more than 4,000 passages
# with the built-in model, which makes no more tokens than there are characters: two minutes.
MOST_CHARACTERS = 500_000
# Of an entry: 25 characters each in the longest. A sentence has a vector, so that half a million of "Ab." would take as
# much room as a thousand essays.
MOST_SENTENCES = 20_000
# Of the entries that one refresh takes in: 30,000 essays, more than an hour of embedding on two processors; they are in
# memory while they are compared with the record, at one to four bytes each.
MOST_IN_A_REFRESH = 100_000_000
# Of the texts that are compared to find cross-posts, in words: longer ones are books. Two of these take 0.3 s.
LONGEST_COMPARED = 100_000

TOO_LONG = f"is longer than {MOST_CHARACTERS:,} characters (some 80,000 words), which is the most of an entry; split it"
TOO_MANY_SENTENCES = (
    f"has more than {MOST_SENTENCES:,} sentences, rows or lines, which is the most of an entry; split it"
)
FILES_FULL = (
    f"comes after {MOST_IN_A_REFRESH // 1_000_000} million characters, which one refresh takes; take it in by another"
)
