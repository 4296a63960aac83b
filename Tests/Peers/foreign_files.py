"""Leaves files in tables of Ingot's that cannot be read by name, and says what rows the tables have."""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from peers import catalog


def rows(lake):
    for name in ("silver.nested", "silver.plain"):
        found = lake.load_table(name).scan().to_arrow().select(["id", "extra"]).to_pylist()
        print(name, json.dumps(sorted(found, key=lambda row: row["id"])))


def change(lake, folder):
    nested = lake.load_table("silver.nested")
    one = nested.scan(row_filter="id = 1").to_arrow()
    fields = one.schema.field("extra").type
    for number in (10, 11):
        extra = pa.array([{"order-id": number, "ok": number}], fields)
        row = one.set_column(0, one.schema.field("id"), pa.array([number], pa.int64()))
        nested.append(row.set_column(1, one.schema.field("extra"), extra))
    nested.append(nested.scan(row_filter="id in (1, 2)").to_arrow())
    plain = lake.load_table("silver.plain")
    one = plain.scan(row_filter="id = 1").to_arrow()
    for number in (20, 21):
        row = one.set_column(0, pa.field("id", pa.int64()), pa.array([number], pa.int64()))
        bare = pa.schema([pa.field(field.name, field.type) for field in row.schema])
        path = f"{folder}/{number}.parquet"
        pq.write_table(pa.Table.from_arrays(row.columns, schema=bare), path)
        plain.add_files([path])


def rename(lake):
    with lake.load_table("silver.nested").update_schema() as update:
        update.rename_column(("extra", "ok"), "fine")


def main(uri, work, folder):
    lake = catalog(uri)
    if work == "change":
        change(lake, folder)
    if work == "rename":
        rename(lake)
    rows(lake)


main(*sys.argv[1:])
