/* @ingot
description: Accounts created per day
materialized: incremental
incremental_strategy: delete+insert
event_time: day
batch_size: day
contract: {enforced: true}
columns:
  - {name: day, data_type: date, description: The day in UTC, data_tests: [not_null, unique]}
  - {name: accounts, data_type: bigint, description: Accounts created on that day}
*/
SELECT create_ts::date AS day, count(*) AS accounts
FROM silver.users
GROUP BY 1
