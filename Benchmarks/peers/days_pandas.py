"""The days of retail one by one with pandas: plain Parquet files, synced. No catalog, no memory of what was done."""

import os
import sys
import time
from pathlib import Path

import pandas as pd

out, files = Path(sys.argv[1]), sys.argv[2:]
out.mkdir(parents=True)
for path in files:
    start = time.perf_counter()
    rows = pd.read_csv(path, dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str}, parse_dates=["InvoiceDate"])
    sound = (rows["Quantity"] >= 1) & (rows["UnitPrice"] >= 0)
    for name, part in [("silver", rows[sound]), ("quarantine", rows[~sound])]:
        target = out / f"{name}-{Path(path).stem}.parquet"
        part.assign(_source_file=path).to_parquet(target, compression="zstd")
        with open(target, "rb") as file:
            os.fsync(file.fileno())
    print((time.perf_counter() - start) * 1000)
