"""How much of what comes from outside is taken, from end to end. The limits on single files stand in
sources/local_files.py.

What texts within them cost, and what those beyond, tests/support/budget_table.py measures.
"""

# Of an entry: some 80,000 words, 820 passages of prose. No text of so many characters has more than 4,000 passages
# with the built-in model, which makes no more tokens than there are characters: two minutes on two idle processors.
MOST_CHARACTERS = 500_000
# Of an entry: 25 characters each in the longest. A sentence has a vector, so that half a million of "Ab." would take as
# much room as a thousand essays.
MOST_SENTENCES = 20_000
# Of the entries that one refresh takes in: 30,000 essays, more than an hour of embedding on two processors; they are in
# memory while they are compared with the record, at one to four bytes each.
MOST_IN_A_REFRESH = 100_000_000
# Of the texts that are compared to find cross-posts, in words: longer ones are books. 50 entries of the most characters
# that are all alike take an eighth longer than 50 that are not.
LONGEST_COMPARED = 100_000

TOO_LONG = f"is longer than {MOST_CHARACTERS:,} characters (some 80,000 words), which is the most of an entry; split it"
TOO_MANY_SENTENCES = (
    f"has more than {MOST_SENTENCES:,} sentences, rows or lines, which is the most of an entry; split it"
)
FILES_FULL = (
    f"comes after {MOST_IN_A_REFRESH // 1_000_000} million characters, which one refresh takes; take it in by another"
)
