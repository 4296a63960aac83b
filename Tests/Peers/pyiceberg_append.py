"""One of several processes that append to one table at once.

A pyiceberg that loses a race gets CommitFailedException and tries again, as its users do.
"""

import sys
import time

from pyiceberg.exceptions import CommitFailedException

from peers import catalog, expect, people

FIRST = {"first": 0, "second": 1_000_000}


def append(table, first, count):
    lost = 0
    for number in range(first, first + count):
        while True:
            try:
                table.append(people(number, 1))
                break
            except CommitFailedException:
                lost += 1
                if lost > 500:
                    raise
                time.sleep(0.01)
                table.refresh()
    print(f"lost {lost} races")


def main(uri, who, count):
    lake = catalog(uri)
    count = int(count)
    if who == "prepare":
        lake.create_namespace("race")
        lake.create_table("race.rows", people(0, 1).schema)
    elif who == "check":
        table = lake.load_table("race.rows")
        found = sorted(table.scan().to_arrow()["id"].to_pylist())
        wanted = sorted(first + n for first in FIRST.values() for n in range(count))
        expect(found, wanted, "rows of both processes")
        numbers = [snapshot.sequence_number for snapshot in table.snapshots()]
        expect(numbers, list(range(1, 2 * count + 1)), "sequence numbers of the snapshots")
    else:
        append(lake.load_table("race.rows"), FIRST[who], count)


main(*sys.argv[1:])
