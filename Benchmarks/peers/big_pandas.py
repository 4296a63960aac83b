"""The big file with pandas: read whole as text with pyarrow, converted column by column, a file for each day."""

import sys
from datetime import datetime, timezone
from pathlib import Path

import pandas as pd

source, out = sys.argv[1], Path(sys.argv[2])
FIELDS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]

frame = pd.read_csv(source, dtype="string[pyarrow]", engine="pyarrow")
good = pd.DataFrame(
    {
        "invoice_no": frame["InvoiceNo"],
        "stock_code": frame["StockCode"],
        "description": frame["Description"].str.strip(),
        "quantity": pd.to_numeric(frame["Quantity"], errors="coerce").astype("Int64"),
        "invoice_date": pd.to_datetime(frame["InvoiceDate"], format="%Y-%m-%d %H:%M:%S", errors="coerce"),
        "customer_id": frame["CustomerID"],
        "country": frame["Country"],
    }
)
price = frame["UnitPrice"].where(frame["UnitPrice"].str.fullmatch(r"[-+]?[0-9]*([.][0-9]{0,2})?"))
good["unit_price"] = price.astype(pd.ArrowDtype(__import__("pyarrow").decimal128(18, 2)))
sound = (
    good["invoice_no"].notna()
    & good["stock_code"].notna()
    & (good["quantity"] >= 1).fillna(False)
    & good["invoice_date"].notna()
    & (good["unit_price"].astype("float64") >= 0).fillna(False)
    & good["country"].notna()
).astype(bool)
system = {
    "_source_file": Path(source).name,
    "_source_version": "8c45fb7036d4f6a9e1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778",
    "_load_id": "retail-20261121T033048Z-01044cda",
    "_ingested_at": datetime.now(timezone.utc),
}
accepted = good[sound].assign(**system)
for day, rows in accepted.groupby(accepted["invoice_date"].dt.date):
    folder = out / "silver" / f"day={day}"
    folder.mkdir(parents=True)
    rows.to_parquet(folder / "part.parquet", compression="zstd", index=False)

rejected = frame.loc[~sound, FIELDS]
broken = good.loc[~sound]
reasons = [
    [rule for rule, holds in rules if holds]
    for rules in zip(
        (("quantity: min", value) for value in (broken["quantity"] < 1).fillna(False)),
        (("quantity: data_type", value) for value in broken["quantity"].isna()),
        (("unit_price: data_type", value) for value in broken["unit_price"].isna()),
    )
]
(out / "quarantine").mkdir(parents=True)
raw = rejected.to_json(orient="records", lines=True).splitlines()
pd.DataFrame({"_source_row": rejected.index + 1, "raw": raw, "reasons": reasons}).assign(**system).to_parquet(
    out / "quarantine" / "part.parquet", compression="zstd", index=False
)
print(len(accepted), len(rejected))
