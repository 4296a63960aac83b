/* @ingot
description: Sales of each day and country
materialized: incremental
incremental_strategy: delete+insert
event_time: day
batch_size: day
partition_by: [day]
*/
SELECT
    CAST(invoice_date AS DATE) AS day,
    country,
    count(DISTINCT invoice_no) AS invoices,
    sum(quantity) AS units,
    sum(quantity * unit_price) AS revenue
FROM silver.retail
GROUP BY 1, 2
