"""Makes the fixtures: tables written by pyiceberg and by DuckDB, and what those two say of them.

usage: make_fixtures.py CATALOG_URI EXTENSION_DIRECTORY OUTPUT_FOLDER

CATALOG_URI is any Iceberg REST catalog whose warehouse is on this machine. Needs pyiceberg 0.12 with pyiceberg-core,
pyarrow and duckdb 1.5.5; EXTENSION_DIRECTORY holds DuckDB's avro, httpfs and iceberg extensions. Of each table the
current metadata file, the manifest lists and the manifests are copied; the locations within them stay as they are.
"""

import datetime as dt
import json
import os
import shutil
import sys
from decimal import Decimal

import duckdb
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.conversions import from_bytes
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import SortField, SortOrder
from pyiceberg.transforms import (BucketTransform, DayTransform, HourTransform, IdentityTransform, MonthTransform,
                                  TruncateTransform, YearTransform)
from pyiceberg.types import *

uri, extensions, output = sys.argv[1:]


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (dt.date, dt.datetime, dt.time, Decimal)):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    return value if value is None or isinstance(value, (int, str, bool)) else str(value)


def copy_table(table, name):
    folder = os.path.join(output, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    paths = [table.metadata_location]
    for snapshot in table.metadata.snapshots:
        paths.append(snapshot.manifest_list)
        paths += [manifest.manifest_path for manifest in snapshot.manifests(table.io)]
    for path in dict.fromkeys(paths):
        shutil.copy(path.removeprefix("file://"), folder)
    schema = table.schema()
    snapshots = []
    for snapshot in table.metadata.snapshots:
        entries = []
        for manifest in snapshot.manifests(table.io):
            for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=True):
                file = entry.data_file
                spec = table.specs()[manifest.partition_spec_id]
                bounds = {}
                for key, side in (("lower", file.lower_bounds), ("upper", file.upper_bounds)):
                    bounds[key] = {
                        str(id): plain(from_bytes(schema.find_type(id), value))
                        for id, value in (side or {}).items() if id in schema.field_ids
                    }
                entries.append({
                    "path": file.file_path, "content": int(file.content), "records": file.record_count,
                    "size": file.file_size_in_bytes, "sequence": entry.sequence_number,
                    "snapshot": entry.snapshot_id, "spec": manifest.partition_spec_id,
                    "partition": spec.partition_to_path(file.partition, schema),
                    "values": {str(k): v for k, v in (file.value_counts or {}).items()},
                    "nulls": {str(k): v for k, v in (file.null_value_counts or {}).items()}, **bounds,
                })
        snapshots.append({"id": snapshot.snapshot_id, "files": sorted(entries, key=lambda e: e["path"])})
    facts = {"metadata": os.path.basename(table.metadata_location), "snapshots": snapshots}
    with open(os.path.join(folder, "facts.json"), "w") as file:
        json.dump(facts, file, indent=1, sort_keys=True)


def pyiceberg_table(catalog):
    schema = Schema(
        NestedField(1, "id", LongType(), required=False), NestedField(2, "ts", TimestamptzType(), required=False),
        NestedField(3, "name", StringType(), required=False),
        NestedField(4, "amount", DecimalType(12, 2), required=False), NestedField(5, "day", DateType(), required=False),
        NestedField(6, "score", DoubleType(), required=False), NestedField(7, "flag", BooleanType(), required=False),
        NestedField(8, "tags", ListType(9, StringType(), element_required=False), required=False))
    spec = PartitionSpec(
        PartitionField(2, 1000, HourTransform(), "ts_hour"), PartitionField(1, 1001, BucketTransform(4), "id_bucket"),
        PartitionField(3, 1002, TruncateTransform(2), "name trunc"),
        PartitionField(4, 1003, IdentityTransform(), "amount_id"), PartitionField(5, 1004, YearTransform(), "y"))
    table = catalog.create_table("fixtures.people", schema, partition_spec=spec)

    def batch(first):
        numbers = range(first, first + 4)
        return pa.table({
            "id": pa.array(numbers, pa.int64()),
            "ts": pa.array([dt.datetime(1969 + n % 60, 12, 31, n % 24, 59, tzinfo=dt.timezone.utc) for n in numbers],
                           pa.timestamp("us", "UTC")),
            "name": pa.array([None if n % 3 == 0 else f"é/{n} & more text than sixteen" for n in numbers]),
            "amount": pa.array([Decimal(n - 2) / 4 for n in numbers], pa.decimal128(12, 2)),
            "day": pa.array([dt.date(2020 + n % 5, 2, 29 if (2020 + n % 5) % 4 == 0 else 28) for n in numbers]),
            "score": pa.array([None if n % 2 else n / 3 for n in numbers], pa.float64()),
            "flag": pa.array([n % 2 == 0 for n in numbers]),
            "tags": pa.array([["a", "b"] for _ in numbers]),
        })

    table.append(batch(0))
    table.append(batch(4))
    table.overwrite(batch(8), overwrite_filter="id == 5")
    with table.update_spec() as update:
        update.remove_field("name trunc")
    table.append(batch(12))
    table.delete("id == 13")
    copy_table(catalog.load_table("fixtures.people"), "pyiceberg")


def duckdb_table(catalog):
    connection = duckdb.connect(config={"extension_directory": extensions})
    connection.execute("LOAD avro; LOAD httpfs; LOAD iceberg; SET TimeZone = 'UTC'")
    connection.execute(f"ATTACH '' AS lake (TYPE iceberg, ENDPOINT '{uri}', AUTHORIZATION_TYPE 'none')")
    connection.execute("CREATE TABLE lake.fixtures.events (id integer, happened timestamp, kind varchar, price decimal(9, 3))"
                       " PARTITIONED BY (month(happened), bucket(4, id))")
    connection.execute("INSERT INTO lake.fixtures.events SELECT i, timestamp '2026-01-01' + interval (i * 9) day,"
                       " 'kind ' || (i % 3), i / 8 FROM range(12) t(i)")
    connection.execute("DELETE FROM lake.fixtures.events WHERE id IN (3, 7)")
    connection.execute("UPDATE lake.fixtures.events SET kind = 'changed' WHERE id = 5")
    copy_table(catalog.load_table("fixtures.events"), "duckdb")


def metadata_of_both_versions():
    schema = Schema(
        NestedField(1, "id", LongType(), required=True, doc="the key"),
        NestedField(2, "place", StructType(
            NestedField(3, "city", StringType(), required=False), NestedField(4, "zip", FixedType(5), required=True))),
        NestedField(5, "seen", MapType(6, StringType(), 7, TimestampType(), value_required=False), required=False),
        NestedField(8, "tags", ListType(9, UUIDType(), element_required=True), required=False),
        NestedField(10, "price", DecimalType(38, 10), required=False), identifier_field_ids=[1])
    for version in ("1", "2"):
        metadata = new_table_metadata(
            schema, PartitionSpec(PartitionField(1, 1000, BucketTransform(16), "id_bucket")),
            SortOrder(SortField(1, transform=IdentityTransform())), "s3://bucket/table",
            {"format-version": version, "owner": "fixtures"})
        folder = os.path.join(output, "metadata")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"v{version}.metadata.json"), "w") as file:
            file.write(metadata.model_dump_json(indent=1))


catalog = load_catalog("fixtures", type="rest", uri=uri)
catalog.create_namespace_if_not_exists("fixtures")
pyiceberg_table(catalog)
duckdb_table(catalog)
metadata_of_both_versions()
