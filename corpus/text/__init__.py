"""Small pure helpers on text, without a domain. A test lists what may be here."""
