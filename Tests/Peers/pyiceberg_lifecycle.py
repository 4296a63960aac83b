"""Everything that pyiceberg does with a catalog, checked step by step against Arrow's own values."""

import os
import sys

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.exceptions import (
    NamespaceAlreadyExistsError,
    NamespaceNotEmptyError,
    NoSuchTableError,
    RESTError,
    TableAlreadyExistsError,
)
from pyiceberg.transforms import BucketTransform, DayTransform
from pyiceberg.types import IntegerType, LongType, StringType

from peers import catalog, expect, expect_error, people


def ids(table, **arguments):
    return sorted(table.scan(**arguments).to_arrow()["id"].to_pylist())


def namespaces(lake):
    lake.create_namespace("shop", {"owner": "ann"})
    expect_error(NamespaceAlreadyExistsError, "a namespace twice", lambda: lake.create_namespace("shop"))
    lake.create_namespace(("shop", "näh & co"))
    expect_error(RESTError, "a namespace in none", lambda: lake.create_namespace(("none", "inner")))
    expect(lake.list_namespaces(), [("shop",)], "namespaces at the top")
    expect(lake.list_namespaces("shop"), [("shop", "näh & co")], "namespaces within")
    expect_error(NamespaceNotEmptyError, "dropping what is not empty", lambda: lake.drop_namespace("shop"))
    summary = lake.update_namespace_properties("shop", {"removed"}, {"owner": "bob", "team": "x"})
    expect(sorted(summary.updated), ["owner", "team"], "properties set")
    expect(summary.missing, ["removed"], "properties that were not there")
    expect(lake.load_namespace_properties("shop"), {"owner": "bob", "team": "x"}, "properties")
    expect(lake.namespace_exists("shop"), True, "a namespace that exists")
    expect(lake.namespace_exists("none"), False, "a namespace that does not exist")


def nested_tables(lake):
    name = ("shop", "näh & co", "größe 100% + x")
    table = lake.create_table(name, schema=people(0, 1).schema)
    table.append(people(0, 3))
    expect(ids(lake.load_table(name)), [0, 1, 2], "rows of a table with a hard name")
    expect(lake.list_tables(("shop", "näh & co")), [name], "tables within")
    expect(lake.list_tables("shop"), [], "tables of the namespace around")
    lake.purge_table(name)
    lake.drop_namespace(("shop", "näh & co"))


def rows(lake):
    table = lake.create_table("shop.people", schema=people(0, 1).schema, properties={"made.by": "pyiceberg"})
    expect_error(TableAlreadyExistsError, "a table twice", lambda: lake.create_table("shop.people", people(0, 1).schema))
    expect(table.properties["made.by"], "pyiceberg", "a property of the table")
    table.append(people(0, 10))
    first = table.current_snapshot().snapshot_id
    table.append(people(10, 10))
    expect(ids(table), list(range(20)), "rows after two appends")
    expect(ids(lake.load_table("shop.people"), row_filter="id < 5"), [0, 1, 2, 3, 4], "filtered rows")
    expect(ids(table, snapshot_id=first), list(range(10)), "rows of an earlier snapshot")
    balance = table.scan().to_arrow()["balance"]
    expect(str(pc.sum(balance).as_py()), "195.00", "the sum of the balances")
    return table, first


def evolution(lake, table, first):
    with table.update_schema() as update:
        update.add_column("age", IntegerType())
        update.rename_column("name", "full_name")
    with table.update_schema() as update:
        update.update_column("age", LongType())
        update.delete_column("born")
    table = lake.load_table("shop.people")
    expect([field.name for field in table.schema().fields], ["id", "full_name", "balance", "age"], "columns")
    rows = table.scan(row_filter="id = 7").to_arrow().to_pylist()
    expect((rows[0]["full_name"], rows[0]["age"]), ("person 7", None), "an old row in new columns")
    old = table.scan(row_filter="id = 7", snapshot_id=first).to_arrow().to_pylist()
    expect(old[0]["name"], "person 7", "an old row in old columns")
    with table.update_spec() as update:
        update.add_field("id", BucketTransform(4), "id_bucket")
    more = people(20, 4).drop_columns(["born"]).rename_columns(["id", "full_name", "balance"])
    table.append(more.append_column("age", pa.array([1, 2, 3, 4], pa.int64())))
    expect(ids(table), list(range(24)), "rows of both partition specs")
    with table.update_spec() as update:
        update.remove_field("id_bucket")
    expect(len(lake.load_table("shop.people").specs()), 2, "partition specs; the first one is used again")
    return table


def changes(lake, table):
    table = lake.load_table("shop.people")
    table.delete("id >= 20")
    expect(ids(table), list(range(20)), "rows after a delete of whole files")
    table.delete("id in (3, 4)")
    expect(ids(table), [n for n in range(20) if n not in (3, 4)], "rows after a delete within a file")
    one = table.scan(row_filter="id = 1").to_arrow()
    table.overwrite(one, overwrite_filter="id < 10")
    expect(ids(table), [1] + list(range(10, 20)), "rows after an overwrite")
    with table.transaction() as transaction:
        transaction.set_properties({"note": "kept"})
        transaction.append(one)
    expect(ids(lake.load_table("shop.people")), [1, 1] + list(range(10, 20)), "rows after a transaction")
    with table.transaction() as transaction:
        transaction.remove_properties("note")
    expect("note" in lake.load_table("shop.people").properties, False, "a property that was removed")
    snapshot = table.current_snapshot().snapshot_id
    table.manage_snapshots().create_tag(snapshot, "audited").commit()
    expect(lake.load_table("shop.people").refs()["audited"].snapshot_id, snapshot, "a tag")
    table.manage_snapshots().remove_tag("audited").commit()
    expect("audited" in lake.load_table("shop.people").refs(), False, "a tag that was removed")


def names(lake, folder):
    lake.rename_table("shop.people", "shop.persons")
    expect_error(NoSuchTableError, "the old name", lambda: lake.load_table("shop.people"))
    expect(lake.table_exists("shop.people"), False, "whether the old name is there")
    expect(lake.table_exists("shop.persons"), True, "whether the new name is there")
    table = lake.load_table("shop.persons")
    count = len(ids(table))
    location = table.metadata_location
    lake.drop_table("shop.persons")
    expect(lake.list_tables("shop"), [], "tables after a drop")
    again = lake.register_table("shop.again", location)
    expect(len(ids(again)), count, "rows of a registered table")
    lake.purge_table("shop.again")
    expect(lake.table_exists("shop.again"), False, "a purged table")
    expect(os.path.exists(location), True, "a purged table's files stay until readers are done")
    outside = os.path.join(os.path.dirname(folder), "elsewhere")
    refused = expect_error(
        Exception,
        "a table outside of the lake",
        lambda: lake.create_table("shop.outside", people(0, 1).schema, location=outside),
    )
    expect(os.path.exists(outside), False, f"a folder outside of the lake ({refused})")


def partitions(lake):
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.types import DateType, NestedField

    schema = Schema(
        NestedField(1, "id", LongType(), required=True),
        NestedField(2, "born", DateType(), required=False),
        NestedField(3, "name", StringType(), required=False),
        identifier_field_ids=[1],
    )
    spec = PartitionSpec(PartitionField(2, 1000, DayTransform(), "born_day"))
    table = lake.create_table("shop.days", schema, partition_spec=spec)
    source = people(0, 9).select(["id", "born", "name"])
    fields = [pa.field("id", pa.int64(), nullable=False), pa.field("born", pa.date32()), pa.field("name", pa.string())]
    table.append(source.cast(pa.schema(fields)))
    files = table.scan(row_filter="born = '2026-01-02'").plan_files()
    expect(len(list(files)), 1, "files of one day of three")
    table.upsert(people(8, 2).select(["id", "born", "name"]).cast(pa.schema(fields)))
    expect(ids(table), list(range(10)), "rows after an upsert")


def main(uri, folder):
    lake = catalog(uri)
    namespaces(lake)
    nested_tables(lake)
    table, first = rows(lake)
    table = evolution(lake, table, first)
    changes(lake, table)
    names(lake, folder)
    partitions(lake)
    print("ok")


main(*sys.argv[1:])
