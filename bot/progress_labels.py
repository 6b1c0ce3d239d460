"""The stages of long work, as people read them."""

STAGES = {  # of long work, as people read them
    "read": "Reading",
    "fetch": "Fetching",
    "sign": "Fingerprinting texts",
    "compare": "Comparing texts",
    "load": "Loading the model",
    "index": "Indexing",
    "ask": "Asking",
}
