"""The big file with Spark on this machine: one cached scan would not fit, so two, as its users write it."""

import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

source, out = sys.argv[1], Path(sys.argv[2])
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.memory", "4g")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.parquet.compression.codec", "zstd")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
raw = spark.read.option("header", True).csv(source)
price = f.col("UnitPrice")
rows = raw.select(
    f.struct(*raw.columns).alias("fields"),
    f.col("InvoiceNo").alias("invoice_no"),
    f.col("StockCode").alias("stock_code"),
    f.trim("Description").alias("description"),
    f.expr("try_cast(Quantity AS BIGINT)").alias("quantity"),
    f.expr("try_to_timestamp(InvoiceDate, 'yyyy-MM-dd HH:mm:ss')").alias("invoice_date"),
    f.when(price.rlike(r"^[-+]?[0-9]*([.][0-9]{0,2})?$"), f.expr("try_cast(UnitPrice AS DECIMAL(18, 2))")).alias(
        "unit_price"
    ),
    f.col("CustomerID").alias("customer_id"),
    f.col("Country").alias("country"),
    f.lit(Path(source).name).alias("_source_file"),
    f.lit("8c45fb7036d4f6a9e1b2c3d4e5f60718293a4b5c6d7e8f900112233445566778").alias("_source_version"),
    f.lit("retail-20261121T033048Z-01044cda").alias("_load_id"),
    f.current_timestamp().alias("_ingested_at"),
)
sound = f.coalesce(
    f.expr(
        "invoice_no IS NOT NULL AND stock_code IS NOT NULL AND quantity >= 1 AND invoice_date IS NOT NULL "
        "AND unit_price >= 0 AND country IS NOT NULL"
    ),
    f.lit(False),
)
(
    rows.where(sound)
    .drop("fields")
    .withColumn("day", f.to_date("invoice_date"))
    .repartition("day")
    .write.partitionBy("day")
    .parquet(str(out / "silver"))
)
# Spark has no record numbers of a file that it reads in parallel.
reasons = f.array_compact(
    f.array(
        f.when(f.col("quantity").isNull(), "quantity: data_type"),
        f.when(f.col("quantity") < 1, "quantity: min"),
        f.when(f.col("unit_price").isNull(), "unit_price: data_type"),
    )
)
(
    rows.where(~sound)
    .select("_source_file", "_source_version", "_load_id", "_ingested_at", f.to_json("fields").alias("raw"), reasons.alias("reasons"))
    .write.parquet(str(out / "quarantine"))
)
