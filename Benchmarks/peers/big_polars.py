"""The big file with Polars: one lazy scan, collected, then a file for each day and one for the rejected rows."""

import sys
from datetime import datetime, timezone
from pathlib import Path

import polars as pl

source, out = sys.argv[1], Path(sys.argv[2])
FIELDS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]

price = pl.col("UnitPrice")
frame = (
    pl.scan_csv(source, infer_schema=False, row_index_name="_source_row", row_index_offset=1)
    .with_columns(
        invoice_no=pl.col("InvoiceNo"),
        stock_code=pl.col("StockCode"),
        description=pl.col("Description").str.strip_chars(),
        quantity=pl.col("Quantity").cast(pl.Int64, strict=False),
        invoice_date=pl.col("InvoiceDate").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False),
        # A price with more than two places would be rounded, which is a loss.
        unit_price=pl.when(price.str.contains(r"^[-+]?[0-9]*([.][0-9]{0,2})?$")).then(
            price.cast(pl.Decimal(18, 2), strict=False)
        ),
        customer_id=pl.col("CustomerID"),
        country=pl.col("Country"),
    )
    .with_columns(
        sound=(
            pl.col("invoice_no").is_not_null()
            & pl.col("stock_code").is_not_null()
            & (pl.col("quantity") >= 1)
            & pl.col("invoice_date").is_not_null()
            & (pl.col("unit_price") >= 0)
            & pl.col("country").is_not_null()
        ).fill_null(False),
        day=pl.col("invoice_date").dt.date(),
        _source_file=pl.lit(Path(source).name),
        _source_version=pl.lit("8c45fb7036d4f6a9e1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778"),
        _load_id=pl.lit("retail-20261121T033048Z-01044cda"),
        _ingested_at=pl.lit(datetime.now(timezone.utc)),
    )
    .collect(engine="streaming")
)

SYSTEM = ["_source_file", "_source_version", "_load_id", "_ingested_at"]
CLEAN = ["invoice_no", "stock_code", "description", "quantity", "invoice_date", "unit_price", "customer_id", "country"]
good = frame.filter("sound").select([*CLEAN, *SYSTEM, "day"])
for (day,), rows in good.partition_by("day", as_dict=True).items():
    folder = out / "silver" / f"day={day}"
    folder.mkdir(parents=True)
    rows.drop("day").write_parquet(folder / "part.parquet", compression="zstd")

rejected = frame.filter(~pl.col("sound"))
rules = [
    pl.when(pl.col("quantity").is_null()).then(pl.lit("quantity: data_type")),
    pl.when(pl.col("quantity") < 1).then(pl.lit("quantity: min")),
    pl.when(pl.col("invoice_date").is_null()).then(pl.lit("invoice_date: data_type")),
    pl.when(pl.col("unit_price").is_null()).then(pl.lit("unit_price: data_type")),
    pl.when(pl.col("unit_price") < 0).then(pl.lit("unit_price: min")),
]
(out / "quarantine").mkdir(parents=True)
rejected.select(
    *SYSTEM,
    "_source_row",
    raw=pl.struct(FIELDS).struct.json_encode(),
    reasons=pl.concat_list(rules).list.drop_nulls(),
).write_parquet(out / "quarantine" / "part.parquet", compression="zstd")
print(good.height, rejected.height)
