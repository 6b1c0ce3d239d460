"""What both faces say in the same words, and how much of a conversation counts in both."""

EARLIER_QUESTIONS = 5  # of a conversation, which a question may follow
NOT_COVERED = "The corpus does not cover this."
NOTHING_NEAR = "The corpus does not cover this, and holds nothing near it."
NOT_SEARCHED = "Nothing of this question could be searched."
EXAMPLES = "For example:"
CLOSEST = "Nothing here answers this directly; closest:"
NEAR = "Near it, not an answer:"
TIERS = {1: "primary, tier 1", 2: "commentary, tier 2", 3: "tier 3"}
LONGEST_SECTION = 80  # characters of the heading that a quote stands under
STAGES = {  # of long work
    "read": "Reading",
    "fetch": "Fetching",
    "sign": "Fingerprinting texts",
    "compare": "Comparing texts",
    "load": "Loading the model",
    "index": "Indexing",
    "ask": "Asking",
}
