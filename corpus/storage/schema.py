"""The form of the record's file: its tables, as each version has added to them."""

# What brings a record from each version to the next; the file's user_version says how many have been run.
MIGRATIONS = (
    """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- what the index calls the entry; never used twice
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,                        -- of every field: equal hash, equal entry
    source TEXT NOT NULL, kind TEXT NOT NULL, tier INTEGER NOT NULL, url TEXT, title TEXT NOT NULL,
    people TEXT NOT NULL,                      -- JSON: [{"name", "role"}]
    published TEXT NOT NULL, access TEXT NOT NULL, wording TEXT NOT NULL, summary TEXT NOT NULL, text TEXT NOT NULL,
    run INTEGER NOT NULL                       -- the run that wrote it last
);
CREATE TABLE history (                         -- an entry as it was before a run changed it
    id TEXT NOT NULL, run INTEGER NOT NULL, fields TEXT NOT NULL
);
CREATE TABLE sources (
    slug TEXT PRIMARY KEY, fields TEXT NOT NULL
);
CREATE TABLE runs (                            -- each refresh that changed the record
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    finished TEXT NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL
);
""",
    """
ALTER TABLE runs ADD COLUMN action TEXT NOT NULL DEFAULT 'refresh';  -- refresh, remove or undo
ALTER TABLE runs ADD COLUMN by TEXT NOT NULL DEFAULT '';             -- who wished it, in the words of whoever asked us
ALTER TABLE runs ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN undoes INTEGER;                          -- of an undo: the run that it took back
ALTER TABLE runs ADD COLUMN sources TEXT;       -- JSON: slug -> fields of a source before the run changed it, or null
                                                -- where it was not there; NULL: too old a run to be undone
ALTER TABLE history ADD COLUMN number INTEGER;  -- with the next two, what an undo needs besides the fields
ALTER TABLE history ADD COLUMN hash TEXT;
ALTER TABLE history ADD COLUMN former INTEGER;  -- the run that had written this version
CREATE TABLE removed (                          -- entries that a refresh does not bring back
    id TEXT NOT NULL, run INTEGER NOT NULL, url TEXT,
    finished TEXT NOT NULL, by TEXT NOT NULL,   -- of the run: a copy has no runs
    taken_back INTEGER,                         -- the run since which it does not hold any more
    PRIMARY KEY (id, run)
);
""",
    """
ALTER TABLE entries ADD COLUMN language TEXT;
ALTER TABLE entries ADD COLUMN licence TEXT;
ALTER TABLE entries ADD COLUMN sections TEXT NOT NULL DEFAULT '[]';  -- JSON: [[start, title]]
CREATE TABLE copies (                           -- cross-posts: derived from the texts, made anew where one changes
    number INTEGER PRIMARY KEY, original INTEGER NOT NULL
);
CREATE TABLE fingerprints (                     -- of the texts, to find cross-posts by
    number INTEGER PRIMARY KEY, hash TEXT NOT NULL, signature BLOB NOT NULL
);
CREATE TABLE source_states (                    -- how reading a source has gone; JSON of a SourceState
    slug TEXT PRIMARY KEY, fields TEXT NOT NULL
);
CREATE TABLE items (                            -- what a source has listed, whether it was taken or not
    source TEXT NOT NULL, key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,                  -- of what the list said of it: another one is a reason to look again
    etag TEXT, last_modified TEXT,              -- of its page, where that was read
    read TEXT,                                  -- when its page was read last
    passed INTEGER NOT NULL,                    -- whether it was passed over, as too old for the first reading
    run INTEGER,                                -- the run that looked at it last and changed anything
    PRIMARY KEY (source, key)
);
""",
    """
ALTER TABLE entries ADD COLUMN blocks TEXT;     -- JSON: [[start, end, kind, speaker or null]]; NULL: archived before
                                                -- they were kept, and not told from the text yet
""",
    """
CREATE INDEX entry_facts ON entries (           -- what is asked of all entries at once, without reading their texts
    number, id, hash, url, published, source, access, wording
);
""",
)
SCHEMA_VERSION = len(MIGRATIONS)
# The form of the file since which a run can be undone; since which entries have sections, cross-posts are known and how
# reading the sources went is kept; and since which a text's blocks are. A file that is only read stays in its form.
WITH_RUNS, WITH_SECTIONS, WITH_BLOCKS = 2, 3, 4
