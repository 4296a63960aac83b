/* @ingot
description: The latest event of each extension.
materialized: incremental
incremental_strategy: merge
unique_key: [extension]
event_time: last_event_at
columns:
  - {name: extension, description: The telephone extension of an agent., data_tests: [not_null, unique]}
  - {name: last_event_at, description: When its latest event happened., data_tests: [not_null]}
*/
SELECT extension, max(done_on) AS last_event_at
FROM silver.events
GROUP BY extension
