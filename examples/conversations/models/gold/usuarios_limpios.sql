/* @ingot
description: The users who said something, with real dates, a closed list of feedback and estimated tokens
materialized: incremental
incremental_strategy: merge
unique_key: [usuario_id]
tags: [daily]
columns:
  - {name: usuario_id, data_type: varchar, data_tests: [not_null, unique]}
  - name: feedback_total
    data_type: varchar
    data_tests:
      - accepted_values: {values: [like, dislike, mixed]}
*/
WITH counted AS (
    SELECT
        *,
        length(conversacion_completa) AS chars,
        length(regexp_replace(conversacion_completa, '[^ ]', '', 'g')) AS spaces,
        length(regexp_replace(conversacion_completa, '[^.,;:!?]', '', 'g')) AS punct,
        length(regexp_replace(conversacion_completa, '[\pL\pN .,;:!?]', '', 'g')) AS special
    FROM gold.usuarios
    WHERE trim(conversacion_completa) <> ''
)
SELECT
    * EXCLUDE (chars, spaces, punct, special)
    REPLACE (
        try_strptime(fecha_primera_conversacion, ['%Y-%m-%d', '%d/%m/%Y', '%m/%d/%Y'])::date AS fecha_primera_conversacion,
        CASE WHEN feedback_total IN ('like', 'dislike', 'mixed') THEN feedback_total END AS feedback_total
    ),
    greatest(
        1,
        trunc(chars / 3.8 * (1 + 0.2 * spaces / chars + 0.15 * punct / chars + 0.1 * special / chars))
    )::bigint AS tokens
FROM counted
