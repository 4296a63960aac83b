/* @ingot
description: One row per conversation, its text on one line, and what the user asked
materialized: view
*/
SELECT
    usuario_id,
    sk,
    created_at,
    array_to_string([m.sender || ': ' || m.text FOR m IN messages], ' | ') AS texto,
    [p FOR p, i IN [m.text FOR m IN messages IF m.sender = 'user']
        IF list_position([m.text FOR m IN messages IF m.sender = 'user'], p) = i] AS preguntas
FROM silver.chat_items
WHERE kind = 'CONVERSATION'
    AND created_at::date BETWEEN getvariable('first_day')::date AND getvariable('last_day')::date
