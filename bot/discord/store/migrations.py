"""The tables of the bot's own record, from their first form to today's."""

# What brings a record from each version to the next; the file's user_version says how many have been run. No semicolon
# inside a statement or comment: they are run one by one, so that two processes that start at once migrate once.
MIGRATIONS = (
    """
CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
CREATE TABLE answers (
    id TEXT PRIMARY KEY, made TEXT NOT NULL, guild INTEGER, channel INTEGER, message INTEGER, asker TEXT NOT NULL,
    private INTEGER NOT NULL, covered INTEGER NOT NULL, generation INTEGER NOT NULL,
    filters TEXT NOT NULL, citations TEXT NOT NULL, related TEXT NOT NULL  -- JSON
);
CREATE INDEX answers_message ON answers (message);
CREATE INDEX answers_made ON answers (made);
CREATE TABLE feedback (
    answer TEXT NOT NULL, person TEXT NOT NULL, verdict TEXT NOT NULL, question TEXT NOT NULL, reason TEXT,
    guild INTEGER, at TEXT NOT NULL, PRIMARY KEY (answer, person)
);
CREATE TABLE gaps (                            -- a row for each person, so that one can be forgotten
    guild INTEGER NOT NULL,                    -- 0: a direct message
    key TEXT NOT NULL, person TEXT NOT NULL, question TEXT NOT NULL, times INTEGER NOT NULL, last TEXT NOT NULL,
    PRIMARY KEY (guild, key, person)
);
CREATE TABLE settings (guild INTEGER PRIMARY KEY, fields TEXT NOT NULL);
CREATE TABLE threads (thread INTEGER PRIMARY KEY, guild INTEGER, at TEXT NOT NULL);
CREATE TABLE numbers (
    thread INTEGER NOT NULL, entry TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (thread, entry), UNIQUE (thread, number)
);
CREATE TABLE log (
    id INTEGER PRIMARY KEY, guild INTEGER NOT NULL, user_id INTEGER NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX log_guild ON log (guild, id);
CREATE TABLE announced (guild INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (guild, entry));
CREATE TABLE cards (
    id TEXT PRIMARY KEY, guild INTEGER NOT NULL, channel INTEGER NOT NULL, message INTEGER NOT NULL, what TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE pending (
    id TEXT PRIMARY KEY, guild INTEGER NOT NULL, person TEXT NOT NULL, words TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL);
""",
    # Lines of the log named the question of a gap, and votes kept that of an answer which is gone.
    """
UPDATE log SET what = 'closed a gap' WHERE what LIKE 'closed the gap %';
UPDATE feedback SET question = '' WHERE answer NOT IN (SELECT id FROM answers WHERE asker <> '')
""",
)
