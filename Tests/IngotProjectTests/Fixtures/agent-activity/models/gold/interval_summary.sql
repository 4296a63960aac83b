/* @ingot
description: Productive hours of each extension per half hour
materialized: incremental
incremental_strategy: delete+insert
event_time: interval_start
batch_size: day
lookback: 1        # a state that began the day before may still last
affects: 1         # an event ends a state that began the day before
columns:
  - {name: extension, data_type: varchar, data_tests: [not_null]}
  - {name: interval_start, data_type: timestamp, data_tests: [not_null]}
  - {name: productive_hours, data_type: double, description: At most 0.5}
*/
WITH spans AS (
    SELECT
        extension,
        is_productive,
        done_on,
        least(
            coalesce(
                lead(done_on) OVER events,
                time_bucket(INTERVAL 30 minutes, done_on) + INTERVAL 30 minutes
            ),
            done_on + getvariable('max_span')::INTERVAL
        ) AS ends_on
    FROM silver.agent_events
    WINDOW events AS (PARTITION BY extension ORDER BY done_on, is_productive)
),
intervals AS (
    SELECT
        extension,
        done_on,
        ends_on,
        unnest(generate_series(time_bucket(INTERVAL 30 minutes, done_on), ends_on, INTERVAL 30 minutes)) AS interval_start
    FROM spans
    WHERE is_productive
)
SELECT
    extension,
    interval_start,
    least(
        0.5,
        sum(
            epoch(
                least(ends_on, interval_start + INTERVAL 30 minutes) - greatest(done_on, interval_start)
            )
        ) / 3600
    ) AS productive_hours
FROM intervals
WHERE ends_on > interval_start
GROUP BY extension, interval_start
