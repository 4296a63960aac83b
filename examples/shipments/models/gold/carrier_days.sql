/* @ingot
description: What each carrier took on per day, and how much of it is delivered
materialized: incremental
incremental_strategy: delete+insert
event_time: dt
batch_size: day
columns:
  - {name: dt, data_type: date, data_tests: [not_null]}
  - {name: carrier, data_type: varchar}
*/
SELECT event_time::date AS dt, carrier, count(*) AS shipments, sum(weight_kg) AS weight_kg
FROM silver.shipments
GROUP BY ALL
