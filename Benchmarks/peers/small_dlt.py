"""Ten thousand objects with dlt: its file-system source and JSON-lines reader into DuckDB, as its guide shows it."""

import sys
from pathlib import Path

import dlt
from dlt.sources.filesystem import filesystem, read_jsonl

source, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
out.mkdir(parents=True)
files = filesystem(bucket_url=source.as_uri(), file_glob="*.jsonl", incremental=dlt.sources.incremental("modification_date"))
pipeline = dlt.pipeline(
    "events",
    pipelines_dir=str(out / "state"),
    destination=dlt.destinations.duckdb(str(out / "lake.duckdb")),
    dataset_name="silver",
)
pipeline.run((files | read_jsonl(chunksize=1000)).with_name("events"))
print(pipeline.last_trace.last_normalize_info.row_counts["events"])
