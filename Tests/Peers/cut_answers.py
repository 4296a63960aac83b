"""Appends while connections are cut at every point: rows are there once, or the client got an error and none is there."""

import sys

from cutting_proxy import POINTS, CuttingProxy
from peers import attach, catalog, duckdb_connection, expect, people


def pyiceberg_appends(proxy, uri):
    direct = catalog(uri)
    direct.create_namespace("cut_py")
    table = catalog(proxy.uri).create_table("cut_py.rows", people(0, 1).schema)
    wanted, number = [], 0
    for point in POINTS:
        for _ in range(3):
            number += 1
            proxy.cutting(point, 1)
            error = None
            try:
                table.refresh()
                table.append(people(number, 1))
            except Exception as caught:
                error = caught
            expect(proxy.cut, 1, f"cut commits ({point})")
            found = sorted(direct.load_table("cut_py.rows").scan().to_arrow()["id"].to_pylist())
            if point in ("after", "within answer"):
                wanted.append(number)
            elif error is None:
                raise SystemExit(f"pyiceberg heard of no error though its commit was cut ({point})")
            expect(found, wanted, f"rows after an append that was cut ({point}: {error!r})")
    return number


def duckdb_inserts(proxy, uri, extensions):
    writer = duckdb_connection(extensions)
    attach(writer, proxy.uri)
    writer.execute("CREATE SCHEMA lake.cut_duck")
    writer.execute("CREATE TABLE lake.cut_duck.left_side (id BIGINT)")
    writer.execute("CREATE TABLE lake.cut_duck.right_side (id BIGINT)")
    wanted, number, errors = [], 0, 0
    for point in POINTS:
        for times in (1, 2):
            number += 1
            proxy.cutting(point, times)
            failed = None
            try:
                writer.execute("BEGIN")
                writer.execute(f"INSERT INTO lake.cut_duck.left_side VALUES ({number})")
                writer.execute(f"INSERT INTO lake.cut_duck.right_side VALUES ({number})")
                writer.execute("COMMIT")
            except Exception as caught:
                failed = caught
                errors += 1
            expect(proxy.cut >= 1, True, f"a cut commit ({point})")
            found = duckdb_rows(uri, extensions)
            if failed is None:
                wanted.append(number)
            elif point in ("after", "within answer"):
                raise SystemExit(f"DuckDB repeats a commit whose answer was cut, but failed ({point}): {failed}")
            expect(found, (wanted, wanted), f"rows of both tables ({point}, {times} times: {failed!r})")
    proxy.cutting("before", 1_000)
    try:
        writer.execute("INSERT INTO lake.cut_duck.left_side VALUES (-1)")
        raise SystemExit("DuckDB heard of no error though nothing reached the server")
    except Exception:
        pass
    proxy.cutting(None, 0)
    expect(duckdb_rows(uri, extensions), (wanted, wanted), "rows after a commit that never reached the server")
    return number, errors


def duckdb_rows(uri, extensions):
    reader = duckdb_connection(extensions)
    attach(reader, uri)
    sides = tuple(
        [row[0] for row in reader.execute(f"SELECT id FROM lake.cut_duck.{side} ORDER BY id").fetchall()]
        for side in ("left_side", "right_side")
    )
    reader.close()
    return sides


def main(client, uri, extensions):
    proxy = CuttingProxy(uri)
    if client == "pyiceberg":
        print(f"{pyiceberg_appends(proxy, uri)} appends")
    else:
        print("{} transactions, {} failed".format(*duckdb_inserts(proxy, uri, extensions)))


main(*sys.argv[1:])
