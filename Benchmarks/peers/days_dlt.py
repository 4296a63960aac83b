"""The days of retail one by one with dlt: one pipeline run for each file."""

import sys
import time
from pathlib import Path

import dlt
from dlt.sources.filesystem import filesystem, read_csv_duckdb

out, files = Path(sys.argv[1]), sys.argv[2:]
out.mkdir(parents=True)
pipeline = dlt.pipeline(
    "retail",
    pipelines_dir=str(out / "state"),
    destination=dlt.destinations.duckdb(str(out / "lake.duckdb")),
    dataset_name="silver",
)
for path in files:
    start = time.perf_counter()
    source = filesystem(bucket_url=Path(path).parent.resolve().as_uri(), file_glob=Path(path).name)
    pipeline.run((source | read_csv_duckdb(header=True)).with_name("retail"))
    print((time.perf_counter() - start) * 1000)
