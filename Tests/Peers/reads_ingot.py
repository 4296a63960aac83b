"""Reads tables that Ingot wrote, with pyiceberg and with DuckDB, and compares them with the Parquet files themselves.

What the files hold is read by DuckDB without Iceberg: all of them, because these tables were written once.
"""

import datetime
import json
import sys

from peers import attach, catalog, data_files, duckdb_connection, expect


def plain(value):
    """A value in a form that does not depend on who read it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def sorted_rows(table):
    return sorted(json.dumps(plain(row), sort_keys=True) for row in table.to_pylist())


def main(uri, lake, extensions, *tables):
    iceberg = catalog(uri)
    connection = duckdb_connection(extensions)
    attach(connection, uri)
    for name in tables:
        namespace, table = name.split(".")
        found = iceberg.load_table(name).scan().to_arrow()
        columns = found.column_names
        quoted = ", ".join('"' + column + '"' for column in columns)
        files = data_files(f"{lake}/{namespace}/{table}")
        wanted = sorted_rows(
            connection.execute(
                f"SELECT {quoted} FROM read_parquet(?, hive_partitioning = false, union_by_name = true)", [files]
            ).to_arrow_table(),
        )
        expect(len(wanted) > 0, True, f"rows of {name}")
        expect(sorted_rows(found), wanted, f"{name} as pyiceberg reads it")
        rows = connection.execute(f'SELECT {quoted} FROM lake."{namespace}"."{table}"').to_arrow_table()
        expect(sorted_rows(rows), wanted, f"{name} as DuckDB reads it")
        print(name, len(wanted), columns)


main(*sys.argv[1:])
