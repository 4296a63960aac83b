"""DuckDB with its iceberg extension as a client in a process of its own."""

import sys

import duckdb

from peers import attach, duckdb_connection, expect, expect_error


def rows(connection, query):
    return connection.execute(query).fetchall()


def one_table(connection):
    connection.execute("CREATE SCHEMA lake.duck")
    connection.execute("CREATE TABLE lake.duck.orders (id BIGINT, day DATE, amount DECIMAL(12,2), note VARCHAR)")
    connection.execute(
        "INSERT INTO lake.duck.orders "
        "SELECT n, DATE '2026-01-01' + (n % 3)::INTEGER, n + 0.25, 'order ' || n FROM range(100) t(n)"
    )
    expect(rows(connection, "SELECT count(*), sum(amount)::VARCHAR FROM lake.duck.orders"), [(100, "4975.00")], "inserted")
    first = rows(connection, "SELECT snapshot_id FROM iceberg_snapshots(lake.duck.orders)")[0][0]
    connection.execute("UPDATE lake.duck.orders SET note = 'changed' WHERE id < 10")
    connection.execute("DELETE FROM lake.duck.orders WHERE id >= 90")
    expect(
        rows(connection, "SELECT count(*), count(*) FILTER (note = 'changed') FROM lake.duck.orders"),
        [(90, 10)],
        "updated and deleted",
    )
    connection.execute(
        "MERGE INTO lake.duck.orders o USING (SELECT * FROM (VALUES (5, 'five'), (500, 'new')) t(id, note)) s "
        "ON o.id = s.id WHEN MATCHED THEN UPDATE SET note = s.note "
        "WHEN NOT MATCHED THEN INSERT (id, note) VALUES (s.id, s.note)"
    )
    expect(
        rows(connection, "SELECT id, note FROM lake.duck.orders WHERE id IN (5, 500) ORDER BY id"),
        [(5, "five"), (500, "new")],
        "merged",
    )
    expect(
        rows(connection, f"SELECT count(*) FROM lake.duck.orders AT (VERSION => {first})"), [(100,)], "an earlier snapshot"
    )


def alter(connection):
    connection.execute("ALTER TABLE lake.duck.orders ADD COLUMN place VARCHAR")
    connection.execute("ALTER TABLE lake.duck.orders RENAME COLUMN note TO remark")
    connection.execute("INSERT INTO lake.duck.orders (id, place) VALUES (600, 'here')")
    expect(
        rows(connection, "SELECT remark, place FROM lake.duck.orders WHERE id IN (5, 600) ORDER BY id"),
        [("five", None), (None, "here")],
        "columns after the change",
    )
    connection.execute("ALTER TABLE lake.duck.orders DROP COLUMN place")
    expect(
        [name for name, *_ in rows(connection, "DESCRIBE lake.duck.orders")], ["id", "day", "amount", "remark"], "columns"
    )


def several_tables(connection):
    connection.execute("CREATE TABLE lake.duck.left_side (id BIGINT)")
    connection.execute("CREATE TABLE lake.duck.right_side (id BIGINT)")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO lake.duck.left_side VALUES (1)")
    connection.execute("INSERT INTO lake.duck.right_side VALUES (2)")
    expect(rows(connection, "SELECT id FROM lake.duck.left_side"), [(1,)], "own writes in a transaction")
    connection.execute("COMMIT")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO lake.duck.left_side VALUES (3)")
    connection.execute("INSERT INTO lake.duck.right_side VALUES (4)")
    connection.execute("ROLLBACK")
    found = rows(connection, "SELECT id FROM lake.duck.left_side UNION ALL SELECT id FROM lake.duck.right_side ORDER BY 1")
    expect(found, [(1,), (2,)], "rows of two tables")


def race(connection, uri, token, extensions):
    """Two transactions on one table: the second one to commit fails, and nothing of it is there."""
    other = duckdb_connection(extensions)
    attach(other, uri, token)
    for each in (connection, other):
        each.execute("BEGIN")
    connection.execute("INSERT INTO lake.duck.left_side VALUES (10), (11)")
    other.execute("INSERT INTO lake.duck.left_side VALUES (20)")
    connection.execute("COMMIT")
    expect_error(duckdb.Error, "the second commit", lambda: other.execute("COMMIT"))
    other.close()
    expect(rows(connection, "SELECT id FROM lake.duck.left_side ORDER BY id"), [(1,), (10,), (11,)], "rows after a race")


def partitioned(connection):
    connection.execute("CREATE TABLE lake.duck.by_day (id BIGINT, day DATE) PARTITIONED BY (day)")
    connection.execute("INSERT INTO lake.duck.by_day SELECT n, DATE '2026-01-01' + (n % 3)::INTEGER FROM range(9) t(n)")
    expect(
        rows(connection, "SELECT day::VARCHAR, count(*) FROM lake.duck.by_day GROUP BY 1 ORDER BY 1"),
        [("2026-01-01", 3), ("2026-01-02", 3), ("2026-01-03", 3)],
        "rows by partition",
    )


def main(uri, extensions, token=None):
    connection = duckdb_connection(extensions)
    attach(connection, uri, token)
    one_table(connection)
    alter(connection)
    several_tables(connection)
    race(connection, uri, token, extensions)
    partitioned(connection)
    connection.execute("DROP TABLE lake.duck.right_side")
    tables = rows(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake' ORDER BY 1")
    expect(tables, [("by_day",), ("left_side",), ("orders",)], "tables")
    print("ok")


main(*sys.argv[1:])
