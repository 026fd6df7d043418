import GRDB

extension Journal {
    /// The schema, version by version. A version that has been released is never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE scripts (hash TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE runs (
                      id TEXT PRIMARY KEY NOT NULL, line TEXT NOT NULL, key TEXT, path TEXT NOT NULL,
                      script TEXT NOT NULL, text TEXT NOT NULL REFERENCES scripts, server TEXT NOT NULL,
                      began INTEGER NOT NULL, updated INTEGER NOT NULL, fate TEXT NOT NULL, status TEXT,
                      signal INTEGER, note TEXT, fruitless INTEGER NOT NULL, beginning TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX runs_by_line ON runs (line, began);
                    CREATE INDEX runs_by_began ON runs (began);
                    CREATE TABLE modules (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,
                      text TEXT NOT NULL REFERENCES scripts, PRIMARY KEY (run, name)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE records (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, seq INTEGER NOT NULL, key TEXT NOT NULL,
                      attempt INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, at INTEGER NOT NULL,
                      PRIMARY KEY (run, seq)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE attempts (
                      id INTEGER PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, attempt INTEGER NOT NULL,
                      seq INTEGER NOT NULL, server TEXT NOT NULL, label TEXT NOT NULL, state TEXT NOT NULL,
                      sent INTEGER, job TEXT, created INTEGER, accepted INTEGER, candidates TEXT NOT NULL,
                      UNIQUE (run, key, attempt)
                    ) STRICT;
                    CREATE INDEX attempts_by_workflow ON attempts (server, label);
                    CREATE INDEX attempts_unsettled ON attempts (server, label)
                      WHERE state NOT IN ('over', 'void');
                    CREATE UNIQUE INDEX jobs ON attempts (server, job, created) WHERE created IS NOT NULL;
                    CREATE TABLE durations (
                      server TEXT NOT NULL, space TEXT NOT NULL, title TEXT NOT NULL, started INTEGER NOT NULL,
                      duration INTEGER NOT NULL, state TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX durations_by_title ON durations (title, server, space, started);
                    CREATE TABLE commands (
                      id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, verb TEXT NOT NULL,
                      argument TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: """
                    DROP INDEX durations_by_title;
                    CREATE INDEX durations_by_title ON durations (title, started);
                    """)
        }
        migrator.registerMigration("3") { database in
            try database.execute(
                sql: """
                    CREATE TABLE measures (
                      script TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, value REAL NOT NULL,
                      PRIMARY KEY (script, name, label)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("4") { database in
            try database.execute(
                sql: """
                    ALTER TABLE attempts ADD COLUMN created_to INTEGER;
                    ALTER TABLE attempts ADD COLUMN user TEXT;
                    DROP INDEX jobs;
                    CREATE INDEX jobs ON attempts (server, job) WHERE job IS NOT NULL;
                    CREATE TABLE servers (name TEXT PRIMARY KEY NOT NULL, profile TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE suspicions (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, text TEXT NOT NULL, seq INTEGER NOT NULL,
                      PRIMARY KEY (run, text)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        // Indexes only: a journal without them can be read all the same, and its foreign keys stay as they are.
        migrator.registerMigration("5", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    CREATE INDEX runs_by_fate ON runs (fate, began);
                    CREATE INDEX runs_by_status ON runs (status, began) WHERE fate = 'ended';
                    CREATE INDEX runs_by_script ON runs (script, began);
                    CREATE INDEX runs_by_path ON runs (path, began);
                    CREATE INDEX runs_by_key ON runs (line, key, began) WHERE key IS NOT NULL;
                    CREATE INDEX runs_by_text ON runs (text);
                    CREATE INDEX runs_unfinished ON runs (line, began) WHERE fate = 'open';
                    CREATE INDEX runs_finished ON runs (updated) WHERE fate <> 'open';
                    CREATE INDEX runs_ended ON runs (path, began) WHERE fate = 'ended';
                    CREATE INDEX runs_succeeded ON runs (path, updated) WHERE status = 'succeeded';
                    CREATE INDEX modules_by_text ON modules (text);
                    CREATE INDEX commands_by_run ON commands (run);
                    CREATE INDEX records_began ON records (run, seq) WHERE kind = 'began';
                    CREATE INDEX attempts_in_doubt ON attempts (label, run) WHERE state = 'ambiguous';
                    """)
        }
        // What a start knew of the server's jobs, until it is known what became of it.
        migrator.registerMigration("6", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    ALTER TABLE attempts ADD COLUMN known TEXT;
                    CREATE INDEX attempts_known ON attempts (run, seq) WHERE known IS NOT NULL;
                    CREATE TABLE alarms (
                      run TEXT PRIMARY KEY NOT NULL REFERENCES runs ON DELETE CASCADE, cause TEXT NOT NULL,
                      since INTEGER NOT NULL, told INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    UPDATE OR IGNORE measures SET script = ifnull(
                      (SELECT path FROM runs WHERE runs.script = measures.script ORDER BY began DESC LIMIT 1), script);
                    CREATE TABLE lives (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, number INTEGER NOT NULL,
                      began INTEGER NOT NULL, ended INTEGER, status TEXT, PRIMARY KEY (run, number)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX attempts_unseen ON attempts (server, label) WHERE job IS NOT NULL AND created IS NULL;
                    """)
        }
        // Notifications that could not be delivered, until they are; and what starts of live runs wait for.
        migrator.registerMigration("7", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    CREATE TABLE undelivered (
                      id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, text TEXT NOT NULL,
                      at INTEGER NOT NULL, claimed INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX undelivered_by_run ON undelivered (run, id);
                    CREATE TABLE waits (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, key TEXT NOT NULL, reason TEXT NOT NULL,
                      PRIMARY KEY (run, key)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        // Locks and pools: the blocks of runs that hold them, or wait.
        migrator.registerMigration("8", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    CREATE TABLE locks (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, key TEXT NOT NULL, name TEXT NOT NULL,
                      size INTEGER NOT NULL, place TEXT, since INTEGER NOT NULL, turn INTEGER, state TEXT NOT NULL,
                      PRIMARY KEY (run, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX locks_by_name ON locks (name) WHERE turn IS NOT NULL;
                    """)
        }
        // Runs that wait for their turn in their line; what alarms are about.
        migrator.registerMigration("9", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    ALTER TABLE runs ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE alarms ADD COLUMN workflows TEXT NOT NULL DEFAULT '[]';
                    """)
        }
        // An edited script may have another lock at the place of a block that has left jobs running.
        migrator.registerMigration("10", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: """
                    ALTER TABLE locks RENAME TO former_locks;
                    DROP INDEX locks_by_name;
                    CREATE TABLE locks (
                      run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, key TEXT NOT NULL, name TEXT NOT NULL,
                      size INTEGER NOT NULL, place TEXT, since INTEGER NOT NULL, turn INTEGER, state TEXT NOT NULL,
                      PRIMARY KEY (run, key, name)
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO locks SELECT run, key, name, size, place, since, turn, state FROM former_locks;
                    DROP TABLE former_locks;
                    CREATE INDEX locks_by_name ON locks (name) WHERE turn IS NOT NULL;
                    """)
        }
        return migrator
    }
}
