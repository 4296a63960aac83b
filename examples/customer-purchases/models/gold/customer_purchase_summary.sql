/* @ingot
description: What each customer has spent; names and addresses are those of the latest purchase
materialized: incremental
incremental_strategy: merge
unique_key: [customer_id]
partition_by: [day(last_purchase_date)]
columns:
  - {name: customer_id, data_type: bigint, data_tests: [not_null, unique]}
  - {name: total_spent_aud, data_type: "decimal(18,2)", description: The sum of all purchases in AUD}
*/
SELECT
    customer_id,
    arg_max(concat_ws(' ', first_name, last_name), (purchase_date, purchase_id)) AS full_name,
    arg_max(email, (purchase_date, purchase_id)) AS email,
    sum(amount_aud)::DECIMAL(18, 2) AS total_spent_aud,
    min(purchase_date) AS first_purchase_date,
    max(purchase_date) AS last_purchase_date
FROM silver.purchases
GROUP BY customer_id
