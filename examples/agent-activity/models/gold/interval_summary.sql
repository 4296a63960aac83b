/* @ingot
description: Productive time of each extension in each half hour in which it was active.
materialized: incremental
incremental_strategy: delete+insert
event_time: interval_start
batch_size: day
lookback: 1   # a state of the day before reaches into the day, for max_span at most
affects: 1    # an event ends a state that began the day before
columns:
  - {name: extension, description: The telephone extension of an agent., data_tests: [not_null]}
  - {name: interval_start, description: "The half hour's first instant, at :00 or :30.", data_tests: [not_null]}
  - {name: productive_hours, description: "Time in a productive state, in hours; at most 0.5."}
*/
WITH events AS (
    SELECT
        extension,
        done_on,
        coalesce(action IN ('REMVCEON', 'ONLINE') OR (action = 'OFFLINE' AND details = 'Backoffice'), false) AS productive
    FROM silver.events
),

states AS (
    SELECT
        *,
        lead(done_on) OVER (PARTITION BY extension ORDER BY done_on, productive) AS next_event
    FROM events
),

spans AS (
    SELECT
        s.extension,
        s.productive,
        s.done_on AS starts,
        CASE
            -- Nobody knows how long the latest state lasts: it counts to the end of its half hour.
            WHEN s.next_event IS NULL AND l.extension IS NOT NULL
            THEN time_bucket(INTERVAL 30 MINUTES, s.done_on) + INTERVAL 30 MINUTES
            -- A missing event must not make a weekend productive.
            ELSE least(
                coalesce(s.next_event, TIMESTAMP 'infinity'),
                s.done_on + coalesce(CAST(getvariable('max_span') AS INTERVAL), INTERVAL 12 HOURS)
            )
        END AS ends
    FROM states AS s
    LEFT JOIN gold.last_events AS l ON l.extension = s.extension AND l.last_event_at = s.done_on
),

pieces AS (
    SELECT
        extension,
        interval_start,
        CASE
            WHEN productive
            THEN epoch_us(least(ends, interval_start + INTERVAL 30 MINUTES)) - epoch_us(greatest(starts, interval_start))
            ELSE 0
        END AS productive_us
    FROM (
        SELECT
            *,
            unnest(generate_series(
                time_bucket(INTERVAL 30 MINUTES, starts),
                CASE WHEN productive AND ends > starts THEN ends - INTERVAL 1 MICROSECOND ELSE starts END,
                INTERVAL 30 MINUTES
            )) AS interval_start
        FROM spans
    )
)

SELECT
    extension,
    interval_start,
    CAST(least(sum(productive_us) / 3600000000, 0.5) AS DECIMAL(9, 6)) AS productive_hours
FROM pieces
GROUP BY extension, interval_start
