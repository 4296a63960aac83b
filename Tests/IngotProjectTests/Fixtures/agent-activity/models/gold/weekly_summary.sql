/* @ingot
description: Productive hours of each extension per ISO week
materialized: incremental
event_time: week_start
batch_size: week
columns:
  - {name: extension, data_type: varchar, data_tests: [not_null]}
  - {name: week_start, data_type: date, description: The week's Monday}
*/
SELECT
    extension,
    date_trunc('week', interval_start)::date AS week_start,
    sum(productive_hours) AS productive_hours,
    count(*) AS intervals_with_activity
FROM gold.interval_summary
GROUP BY extension, week_start
