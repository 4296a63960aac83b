/* @ingot
description: Each feedback with the user's latest conversation before it
materialized: incremental
incremental_strategy: delete+insert
unique_key: [usuario_id]
tags: [daily]
columns:
  - {name: usuario_id, data_type: varchar, data_tests: [not_null]}
*/
SELECT
    f.usuario_id,
    f.created_at AS feedback_at,
    f.feedback_type,
    f.feedback_comment,
    f.feedback_option,
    c.created_at AS conversation_at,
    c.texto
FROM silver.chat_items AS f
ASOF LEFT JOIN gold.conversaciones AS c ON f.usuario_id = c.usuario_id AND f.created_at > c.created_at
WHERE f.kind = 'FEEDBACK'
