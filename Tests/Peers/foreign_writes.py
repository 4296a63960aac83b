"""Writes tables for Ingot to read: one of DuckDB, one of both clients, and a row into a table of Ingot's."""

import sys

import pyarrow as pa

from peers import attach, catalog, duckdb_connection


def main(uri, extensions):
    lake = catalog(uri)
    lake.create_namespace("foreign")
    duck = duckdb_connection(extensions)
    attach(duck, uri)
    duck.execute("CREATE TABLE lake.foreign.duck (id BIGINT, name VARCHAR)")
    duck.execute("INSERT INTO lake.foreign.duck VALUES (1, 'one'), (2, 'two')")
    duck.execute("CREATE TABLE lake.foreign.both (id BIGINT)")
    duck.execute("INSERT INTO lake.foreign.both VALUES (1)")
    lake.load_table("foreign.both").append(pa.table({"id": pa.array([2], pa.int64())}))
    sales = lake.load_table("silver.sales")
    row = sales.scan(row_filter="id = 1").to_arrow()
    sales.append(row.set_column(row.schema.get_field_index("id"), row.schema.field("id"), pa.array([80], pa.int64())))


main(*sys.argv[1:])
