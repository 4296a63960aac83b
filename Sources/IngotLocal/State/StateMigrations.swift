import GRDB

/// The schema of the state database, as a history of steps that are never changed once released.
enum StateMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 ledger") { try $0.execute(sql: ledger) }
        migrator.registerMigration("2 tables") { try $0.execute(sql: tables) }
        migrator.registerMigration("3 runs") { try $0.execute(sql: runs) }
        migrator.registerMigration("4 models") { try $0.execute(sql: models) }
        migrator.registerMigration("5 garbage") { try $0.execute(sql: garbage) }
        migrator.registerMigration("6 queue") { try $0.execute(sql: queue) }
        migrator.registerMigration("7 executions") { try $0.execute(sql: executions) }
        migrator.registerMigration("8 replay") { try $0.execute(sql: replay) }
        migrator.registerMigration("8 backfill") { try $0.execute(sql: backfill) }
        migrator.registerMigration("9 cleanings") { try $0.execute(sql: cleanings) }
        migrator.registerMigration("10 starts of workflows") { try $0.execute(sql: starts) }
        migrator.registerMigration("11 events of lineage") { try $0.execute(sql: lineageEvents) }
        migrator.registerMigration("12 versions of dead letters") { try $0.execute(sql: deadLetterVersions) }
        migrator.registerMigration("13 items of tables") { try $0.execute(sql: items) }
        migrator.registerMigration("14 processes of runs") { try $0.execute(sql: runProcesses) }
        migrator.registerMigration("15 rest of executions") { try $0.execute(sql: executionRest) }
        return migrator
    }

    /// `file` remembers the last look at each file, so that it is hashed again only when it changed.
    private static let ledger = """
        CREATE TABLE object (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            key TEXT NOT NULL,
            version TEXT NOT NULL,
            state TEXT NOT NULL,
            bronze TEXT NOT NULL,
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            seen INTEGER NOT NULL,
            load_id TEXT,
            run_id TEXT,
            lease_token INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            rows_read INTEGER NOT NULL DEFAULT 0,
            rows_silver INTEGER NOT NULL DEFAULT 0,
            rows_quarantined INTEGER NOT NULL DEFAULT 0,
            rows_skipped INTEGER NOT NULL DEFAULT 0,
            error TEXT,
            UNIQUE (source, key, version)
        ) STRICT;
        CREATE INDEX object_by_state ON object (source, state);
        CREATE INDEX object_by_load ON object (load_id);
        CREATE TABLE file (
            source TEXT NOT NULL,
            key TEXT NOT NULL,
            entity_tag TEXT NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (source, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lease (
            token INTEGER PRIMARY KEY AUTOINCREMENT,
            load_id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            process_start TEXT NOT NULL
        ) STRICT;
        """

    private static let tables = """
        CREATE TABLE namespace (
            name TEXT PRIMARY KEY,
            properties TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE table_pointer (
            namespace TEXT NOT NULL REFERENCES namespace (name),
            name TEXT NOT NULL,
            metadata_location TEXT NOT NULL,
            PRIMARY KEY (namespace, name)
        ) STRICT, WITHOUT ROWID;
        """

    private static let runs = """
        CREATE TABLE run (
            id TEXT PRIMARY KEY,
            load_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            status TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            inputs INTEGER NOT NULL,
            rows_read INTEGER NOT NULL,
            rows_silver INTEGER NOT NULL,
            rows_quarantined INTEGER NOT NULL,
            rows_skipped INTEGER NOT NULL,
            error TEXT
        ) STRICT;
        CREATE INDEX run_by_time ON run (started);
        CREATE INDEX run_by_load ON run (load_id);
        CREATE TABLE lineage (
            run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (run_id, direction, position)
        ) STRICT, WITHOUT ROWID;
        """

    private static let models = """
        CREATE TABLE model (
            name TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            inputs TEXT NOT NULL,
            computed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pending (
            model TEXT NOT NULL,
            input TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('interval', 'key', 'load', 'everything')),
            value TEXT NOT NULL,
            generation INTEGER NOT NULL,
            PRIMARY KEY (model, input, kind, value)
        ) STRICT, WITHOUT ROWID;
        """

    private static let garbage = """
        CREATE TABLE garbage (
            location TEXT PRIMARY KEY,
            after INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX garbage_by_time ON garbage (after);
        """

    /// Numbers are never given again, so that a receipt of a message that is gone means no other one.
    private static let queue = """
        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            message_group TEXT NOT NULL,
            body TEXT NOT NULL,
            sent INTEGER NOT NULL,
            visible INTEGER NOT NULL,
            receives INTEGER NOT NULL DEFAULT 0,
            excused INTEGER NOT NULL DEFAULT 0,
            is_held INTEGER NOT NULL DEFAULT 0,
            host TEXT,
            process INTEGER,
            process_start TEXT
        ) STRICT;
        CREATE INDEX message_by_group ON message (queue, message_group, id);
        CREATE INDEX message_by_age ON message (queue, id);
        CREATE INDEX message_received ON message (queue, visible) WHERE receives > 0;
        CREATE INDEX message_held ON message (queue, host, process, process_start) WHERE is_held = 1;
        CREATE TABLE dead_letter (
            id INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            message_group TEXT NOT NULL,
            body TEXT NOT NULL,
            sent INTEGER NOT NULL,
            died INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX dead_letter_by_queue ON dead_letter (queue, id);
        CREATE TABLE message_attempt (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL,
            ended INTEGER NOT NULL,
            error TEXT NOT NULL
        ) STRICT;
        CREATE INDEX message_attempt_by_message ON message_attempt (message, id);
        """

    /// `execution_event` holds the history in pages, one event a line; `lease_token` fences those who append.
    private static let executions = """
        CREATE TABLE execution_definition (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE execution (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workflow TEXT NOT NULL,
            name TEXT NOT NULL,
            definition INTEGER NOT NULL REFERENCES execution_definition (id),
            input TEXT NOT NULL,
            interpreter INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            parent TEXT,
            status TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            output TEXT,
            error TEXT,
            cause TEXT,
            event_count INTEGER NOT NULL DEFAULT 0,
            lease_token INTEGER NOT NULL DEFAULT 0,
            host TEXT,
            process INTEGER,
            process_start TEXT,
            UNIQUE (name, workflow)
        ) STRICT;
        CREATE INDEX execution_by_status ON execution (status, id);
        CREATE TABLE execution_input (
            execution INTEGER NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            time INTEGER NOT NULL,
            input TEXT NOT NULL,
            PRIMARY KEY (execution, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE execution_event (
            execution INTEGER NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            events TEXT NOT NULL,
            PRIMARY KEY (execution, last)
        ) STRICT;
        CREATE TABLE execution_message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            execution INTEGER NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
            input TEXT NOT NULL
        ) STRICT;
        CREATE INDEX execution_message_by_execution ON execution_message (execution);
        CREATE TABLE execution_token (
            token TEXT PRIMARY KEY,
            execution INTEGER NOT NULL REFERENCES execution (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX execution_token_by_execution ON execution_token (execution);
        """

    /// `published` tells as what an object's rows are in the tables, also while it waits or is held to be loaded again.
    private static let replay = """
        ALTER TABLE object ADD COLUMN published TEXT;
        ALTER TABLE object ADD COLUMN is_undone INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE object ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
        UPDATE object SET published = state WHERE state IN ('loaded', 'quarantined');
        UPDATE object SET arrival = (
            SELECT count(*) FROM object other
            WHERE other.source = object.source AND other.key = object.key
                AND (other.seen, other.id) <= (object.seen, object.id)
        );
        """

    /// How far each model's last backfill has come.
    private static let backfill = """
        CREATE TABLE backfill (
            model TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            range_start INTEGER NOT NULL,
            range_end INTEGER NOT NULL,
            slice_size INTEGER NOT NULL,
            is_newest_first INTEGER NOT NULL,
            done INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// What becomes of the files of objects in their sources.
    private static let cleanings = """
        CREATE TABLE cleaning (
            object_id INTEGER PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
            cleaning_state TEXT NOT NULL,
            due INTEGER NOT NULL,
            retry INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            tried INTEGER,
            destination TEXT,
            cleaning_error TEXT
        ) STRICT;
        CREATE INDEX cleaning_waiting ON cleaning (retry, object_id) WHERE cleaning_state = 'waiting';
        """

    /// What workflows keep in tables; `key` is the key's value as text.
    private static let items = """
        CREATE TABLE table_item (
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            item TEXT NOT NULL,
            PRIMARY KEY (name, key)
        ) STRICT, WITHOUT ROWID;
        """

    /// `workflow_event` holds what starts listen for and have not all heard of; it is written with what it tells of.
    private static let starts = """
        CREATE INDEX execution_by_driver ON execution (host, process, process_start, id) WHERE status = 'RUNNING';
        CREATE TABLE workflow_start (
            name TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            position INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workflow_start_by_subject ON workflow_start (kind, subject, position);
        CREATE TABLE workflow_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            reference TEXT NOT NULL
        ) STRICT;
        CREATE INDEX workflow_event_by_subject ON workflow_event (kind, subject, id);
        CREATE TRIGGER object_arrived AFTER INSERT ON object
        WHEN EXISTS (SELECT 1 FROM workflow_start WHERE kind = 'object' AND subject = new.source)
        BEGIN
            INSERT INTO workflow_event (kind, subject, reference) VALUES ('object', new.source, new.id);
        END;
        CREATE TRIGGER object_came_back AFTER UPDATE OF arrival ON object
        WHEN new.arrival > old.arrival
            AND EXISTS (SELECT 1 FROM workflow_start WHERE kind = 'object' AND subject = new.source)
        BEGIN
            INSERT INTO workflow_event (kind, subject, reference) VALUES ('object', new.source, new.id);
        END;
        CREATE TRIGGER run_ended AFTER UPDATE OF status ON run
        WHEN old.status = 'running' AND new.status <> 'running'
            AND EXISTS (SELECT 1 FROM workflow_start WHERE kind = 'run' AND subject = new.name)
        BEGIN
            INSERT INTO workflow_event (kind, subject, reference) VALUES ('run', new.name, new.id);
        END;
        CREATE TRIGGER run_noted AFTER INSERT ON run
        WHEN new.status <> 'running' AND EXISTS (SELECT 1 FROM workflow_start WHERE kind = 'run' AND subject = new.name)
        BEGIN
            INSERT INTO workflow_event (kind, subject, reference) VALUES ('run', new.name, new.id);
        END;
        CREATE TRIGGER execution_ended AFTER UPDATE OF status ON execution
        WHEN old.status = 'RUNNING' AND new.status <> 'RUNNING'
            AND EXISTS (SELECT 1 FROM workflow_start WHERE kind = 'execution' AND subject = new.workflow)
        BEGIN
            INSERT INTO workflow_event (kind, subject, reference) VALUES ('execution', new.workflow, new.id);
        END;
        """

    /// `lineage_event` holds what others have not been told yet, `lineage_run` the runs that have begun and not ended.
    private static let lineageEvents = """
        CREATE TABLE lineage_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event TEXT NOT NULL
        ) STRICT;
        CREATE TABLE lineage_run (
            run_id TEXT PRIMARY KEY,
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            process_start TEXT NOT NULL,
            event TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Which version of its file an arrival died for, as far as somebody lived to say.
    private static let deadLetterVersions = """
        ALTER TABLE message ADD COLUMN version TEXT;
        ALTER TABLE dead_letter ADD COLUMN version TEXT;
        """

    /// Which process began a run.
    private static let runProcesses = """
        ALTER TABLE run ADD COLUMN host TEXT;
        ALTER TABLE run ADD COLUMN process INTEGER;
        ALTER TABLE run ADD COLUMN process_start TEXT;
        """

    /// `wake` is until when an execution need not be driven; what a task started is found by its token, as `parent`.
    private static let executionRest = """
        ALTER TABLE execution ADD COLUMN wake INTEGER;
        DROP INDEX execution_by_driver;
        CREATE INDEX execution_by_driver ON execution (host, process, process_start, id, wake) WHERE status = 'RUNNING';
        CREATE INDEX execution_by_parent ON execution (parent) WHERE parent IS NOT NULL;
        """
}
