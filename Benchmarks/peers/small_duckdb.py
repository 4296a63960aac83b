"""Ten thousand objects with DuckDB: one statement that reads all, then two files."""

import sys
from pathlib import Path

import duckdb

source, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True)
connection = duckdb.connect(config={"threads": 2})
connection.execute(
    f"""CREATE TABLE events AS SELECT *, coalesce(id IS NOT NULL AND device IS NOT NULL AND "at" IS NOT NULL AND value >= 0, false) AS sound
        FROM read_json('{source}/*.jsonl', format='newline_delimited', filename='_source_file',
          columns={{id: 'BIGINT', device: 'VARCHAR', "at": 'TIMESTAMP', value: 'DOUBLE'}})"""
)
for name, condition in [("silver", "sound"), ("quarantine", "NOT sound")]:
    connection.execute(
        f"COPY (SELECT * EXCLUDE (sound) FROM events WHERE {condition}) TO '{out}/{name}.parquet' (COMPRESSION zstd)"
    )
print(connection.execute("SELECT count(*) FROM events").fetchone()[0])
