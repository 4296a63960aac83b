"""The big file with DuckDB by hand: one scan for the good rows, a second one for the rejected ones."""

import sys
from pathlib import Path

import duckdb

source, out = sys.argv[1], Path(sys.argv[2])
(out / "quarantine").mkdir(parents=True)
connection = duckdb.connect(config={"threads": 2})
SYSTEM = f"""'{Path(source).name}' AS _source_file,
  '8c45fb7036d4f6a9e1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778' AS _source_version,
  'retail-20261121T033048Z-01044cda' AS _load_id, now() AS _ingested_at"""
TYPED = """
  SELECT *, InvoiceNo AS invoice_no_, StockCode AS stock_code_, trim(Description) AS description_,
    TRY_CAST(Quantity AS BIGINT) AS quantity_, try_strptime(InvoiceDate, '%Y-%m-%d %H:%M:%S') AS invoice_date_,
    CASE WHEN regexp_full_match(UnitPrice, '[-+]?[0-9]*([.][0-9]{{0,2}})?')
      THEN TRY_CAST(UnitPrice AS DECIMAL(18, 2)) END AS unit_price_,
    CustomerID AS customer_id_, Country AS country_
  FROM (SELECT *, {number} AS n FROM read_csv('{source}', all_varchar=true, header=true))"""
SOUND = """coalesce(invoice_no_ IS NOT NULL AND stock_code_ IS NOT NULL AND quantity_ >= 1
  AND invoice_date_ IS NOT NULL AND unit_price_ >= 0 AND country_ IS NOT NULL, false)"""
good = connection.execute(
    f"""COPY (SELECT invoice_no_ AS invoice_no, stock_code_ AS stock_code, description_ AS description,
          quantity_ AS quantity, invoice_date_ AS invoice_date, unit_price_ AS unit_price, customer_id_ AS customer_id,
          country_ AS country, {SYSTEM}, CAST(invoice_date_ AS DATE) AS day FROM ({TYPED.format(number='0', source=source)}) WHERE {SOUND})
        TO '{out}/silver' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day))"""
).fetchone()[0]
bad = connection.execute(
    f"""COPY (SELECT {SYSTEM}, n AS _source_row,
          to_json({{'InvoiceNo': InvoiceNo, 'StockCode': StockCode, 'Description': Description, 'Quantity': Quantity,
            'InvoiceDate': InvoiceDate, 'UnitPrice': UnitPrice, 'CustomerID': CustomerID, 'Country': Country}}) AS raw,
          list_filter([CASE WHEN quantity_ IS NULL THEN 'quantity: data_type' END,
            CASE WHEN quantity_ < 1 THEN 'quantity: min' END,
            CASE WHEN invoice_date_ IS NULL THEN 'invoice_date: data_type' END,
            CASE WHEN unit_price_ IS NULL THEN 'unit_price: data_type' END,
            CASE WHEN unit_price_ < 0 THEN 'unit_price: min' END], rule -> rule IS NOT NULL) AS reasons
        FROM ({TYPED.format(number='row_number() OVER ()', source=source)}) WHERE NOT {SOUND})
        TO '{out}/quarantine/part.parquet' (FORMAT parquet, COMPRESSION zstd)"""
).fetchone()[0]
print(good, bad)
