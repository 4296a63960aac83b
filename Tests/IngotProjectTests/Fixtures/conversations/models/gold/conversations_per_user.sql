/* @ingot
description: One row per user, with all conversations and the last feedback
materialized: incremental
incremental_strategy: merge
unique_key: user_id
tags: [daily]
columns:
  - name: user_id
    data_type: varchar
    data_tests: [not_null, unique]
  - name: feedback_total
    data_type: varchar
    data_tests:
      - accepted_values: {values: [like, dislike, mixed]}
*/
SELECT
    user_id,
    coalesce(any_value(nombre), getvariable('default_name')) AS nombre,
    min(created_at) FILTER (WHERE kind = 'CONVERSATION') AS fecha_primera_conversacion,
    count(*) FILTER (WHERE kind = 'CONVERSATION') AS numero_conversaciones,
    CASE count(DISTINCT feedback ->> 'type') WHEN 0 THEN NULL WHEN 1 THEN any_value(feedback ->> 'type') ELSE 'mixed' END
        AS feedback_total
FROM silver.chat_items
WHERE NOT list_contains(getvariable('excluded_cities'), ciudad)
GROUP BY user_id
