/* @ingot
description: Productive time of each extension in each ISO week.
materialized: incremental
incremental_strategy: delete+insert
event_time: week_start
batch_size: week
columns:
  - {name: extension, description: The telephone extension of an agent., data_tests: [not_null]}
  - {name: week_start, data_type: date, description: The Monday of the ISO week., data_tests: [not_null]}
  - {name: productive_hours, description: "Time in a productive state, in hours."}
  - {name: active_intervals, description: Half hours in which the extension was active.}
*/
SELECT
    extension,
    CAST(date_trunc('week', interval_start) AS DATE) AS week_start,
    CAST(sum(productive_hours) AS DECIMAL(12, 6)) AS productive_hours,
    count(*) AS active_intervals
FROM gold.interval_summary
GROUP BY ALL
