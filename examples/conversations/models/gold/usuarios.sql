/* @ingot
description: One row per user with all conversations and the last feedback; the sixteen columns of the daily file
materialized: incremental
incremental_strategy: merge
unique_key: [usuario_id]
tags: [daily]
columns:
  - {name: usuario_id, data_type: varchar, data_tests: [not_null, unique]}
  - {name: nombre, data_type: varchar, data_tests: [not_null]}
  - {name: fecha_primera_conversacion, data_type: varchar, description: dd/mm/YYYY or Sin fecha, data_tests: [not_null]}
*/
WITH users AS (
    SELECT
        usuario_id,
        arg_min(nombre, (created_at, sk)) FILTER (WHERE nombre <> '') AS nombre,
        arg_min(gerencia, (created_at, sk)) FILTER (WHERE gerencia <> '') AS gerencia,
        arg_min(ciudad, (created_at, sk)) FILTER (WHERE ciudad <> '') AS ciudad,
        arg_min(oficinas_asesoras, (created_at, sk)) FILTER (WHERE oficinas_asesoras <> '') AS oficinas_asesoras,
        arg_min(subgerencia, (created_at, sk)) FILTER (WHERE subgerencia <> '') AS subgerencia,
        arg_min(nivel_directivo, (created_at, sk)) FILTER (WHERE nivel_directivo <> '') AS nivel_directivo,
        count(*) FILTER (WHERE kind = 'FEEDBACK') AS numero_feedback,
        arg_max_null(feedback_type, (created_at, sk)) FILTER (WHERE kind = 'FEEDBACK') AS feedback_total,
        arg_max_null(feedback_comment, (created_at, sk)) FILTER (WHERE kind = 'FEEDBACK') AS feedback,
        arg_max_null(feedback_option, (created_at, sk)) FILTER (WHERE kind = 'FEEDBACK') AS respuesta_feedback
    FROM silver.chat_items
    WHERE kind <> 'REGISTER'
    GROUP BY usuario_id
),
talks AS (
    SELECT
        usuario_id,
        strftime(min(created_at), '%d/%m/%Y') AS fecha_primera_conversacion,
        count(*) AS numero_conversaciones,
        string_agg(texto, ' || ' ORDER BY created_at, sk) AS conversacion_completa,
        string_agg(array_to_string(preguntas, ' | '), ' || ' ORDER BY created_at, sk) AS pregunta_conversacion,
        sum(len(preguntas))::bigint AS numero_preguntas
    FROM gold.conversaciones
    GROUP BY usuario_id
)
SELECT
    usuario_id,
    coalesce(nombre, getvariable('default_name')) AS nombre,
    gerencia,
    ciudad,
    oficinas_asesoras,
    subgerencia,
    nivel_directivo,
    coalesce(fecha_primera_conversacion, 'Sin fecha') AS fecha_primera_conversacion,
    coalesce(numero_conversaciones, 0) AS numero_conversaciones,
    coalesce(conversacion_completa, '') AS conversacion_completa,
    feedback_total,
    numero_feedback,
    coalesce(pregunta_conversacion, '') AS pregunta_conversacion,
    coalesce(numero_preguntas, 0) AS numero_preguntas,
    feedback,
    respuesta_feedback
FROM users
LEFT JOIN talks USING (usuario_id)
WHERE NOT regexp_matches(coalesce(ciudad, ''), getvariable('excluded_cities'))
    AND NOT regexp_matches(coalesce(nombre, ''), getvariable('excluded_names'))
