"""The days of retail one by one with pyiceberg: each read with pyarrow, validated, appended to a partitioned table."""

import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from pyiceberg.catalog.sql import SqlCatalog

out, files = Path(sys.argv[1]), sys.argv[2:]
out.mkdir(parents=True)
catalog = SqlCatalog("lake", uri=f"sqlite:///{out}/catalog.db", warehouse=out.as_uri())
catalog.create_namespace("silver")
TEXT = csv.ConvertOptions(column_types={"InvoiceNo": "string", "StockCode": "string", "CustomerID": "string"})
table = rejected = None
for path in files:
    start = time.perf_counter()
    rows = csv.read_csv(path, convert_options=TEXT)
    rows = rows.append_column("_source_file", pa.array([path] * len(rows)))
    sound = pc.and_(pc.greater_equal(rows["Quantity"], 1), pc.greater_equal(rows["UnitPrice"], 0))
    good, bad = rows.filter(sound), rows.filter(pc.invert(sound))
    if table is None:
        table = catalog.create_table("silver.retail", good.schema)
        rejected = catalog.create_table("silver.rejected", bad.schema)
    table.append(good)
    rejected.append(bad)
    print((time.perf_counter() - start) * 1000)
