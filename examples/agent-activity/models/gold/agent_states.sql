/* @ingot
description: Every event with the state that it begins, and the instant at which that state ends
materialized: incremental
incremental_strategy: delete+insert
unique_key: [extension]        # a new event can end a state that began long ago, so an agent is computed as a whole
event_time: done_on
partition_by: ["bucket(8, extension)"]
columns:
  - {name: extension, data_type: varchar, data_tests: [not_null]}
  - {name: done_on, data_type: timestamp, data_tests: [not_null]}
  - {name: ends_on, data_type: timestamp, description: The next event or max_span later; for the last event the end of its half hour}
*/
SELECT
    extension,
    done_on,
    is_productive,
    least(
        coalesce(
            lead(done_on) OVER events,
            time_bucket(INTERVAL 30 minutes, done_on) + INTERVAL 30 minutes
        ),
        done_on + getvariable('max_span')::INTERVAL
    ) AS ends_on
FROM silver.agent_events
WINDOW events AS (PARTITION BY extension ORDER BY done_on, is_productive)
