"""Appends to a table that asks for few snapshots, and to one that asks for nothing."""

import sys

from peers import catalog, expect, people


def main(uri):
    lake = catalog(uri)
    lake.create_namespace("kept")
    few = {"history.expire.max-snapshots-to-keep": "3", "history.expire.min-snapshots-to-keep": "1"}
    for name, properties, snapshots in (("few", few, 3), ("all", {}, 8)):
        table = lake.create_table(f"kept.{name}", people(0, 1).schema, properties=properties)
        for number in range(8):
            table.append(people(number, 1))
        table = lake.load_table(f"kept.{name}")
        expect(len(table.snapshots()), snapshots, f"snapshots of kept.{name}")
        expect(sorted(table.scan().to_arrow()["id"].to_pylist()), list(range(8)), f"rows of kept.{name}")


main(*sys.argv[1:])
