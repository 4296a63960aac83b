"""What the scripts of this folder share: connections, and checks that say what they found."""

import datetime
import os

import pyarrow as pa


def catalog(uri, token=None):
    """The catalog, as pyiceberg sees it."""
    from pyiceberg.catalog import load_catalog

    properties = {"type": "rest", "uri": uri}
    if token is not None:
        properties["token"] = token
    return load_catalog("ingot", **properties)


def duckdb_connection(extensions):
    """DuckDB in this process, with the extensions of the checkout and without network access for more."""
    import duckdb

    connection = duckdb.connect(config={"extension_directory": extensions, "autoinstall_known_extensions": "false"})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("LOAD avro; LOAD httpfs; LOAD iceberg")
    # A machine that runs many tests at once may need longer for an answer than the 30 seconds that are usual.
    connection.execute("SET http_timeout = 600")
    return connection


def attach(connection, uri, token=None, name="lake"):
    """Attaches the catalog."""
    access = f"TOKEN '{token}'" if token is not None else "AUTHORIZATION_TYPE 'none'"
    connection.execute(f"ATTACH '' AS {name} (TYPE iceberg, ENDPOINT '{uri}', {access})")


def expect(found, wanted, what):
    """Stops unless two values are equal."""
    if found != wanted:
        raise SystemExit(f"{what}:\n  found  {found!r}\n  wanted {wanted!r}")


def expect_error(kinds, what, call):
    """Stops unless a call fails in one of the expected ways."""
    try:
        call()
    except kinds as error:
        return error
    raise SystemExit(f"{what}: no error")


def people(first, count):
    """Rows with one column of many types, whose values follow from their number."""
    numbers = range(first, first + count)
    day = datetime.date(2026, 1, 1)
    return pa.table(
        {
            "id": pa.array(list(numbers), pa.int64()),
            "name": pa.array([f"person {n}" for n in numbers], pa.string()),
            "born": pa.array([day + datetime.timedelta(days=n % 3) for n in numbers], pa.date32()),
            "balance": pa.array([f"{n}.25" for n in numbers], pa.string()).cast(pa.decimal128(12, 2)),
        }
    )


def data_files(folder):
    """The Parquet files beneath a folder."""
    return sorted(
        os.path.join(base, name) for base, _, names in os.walk(folder) for name in names if name.endswith(".parquet")
    )
