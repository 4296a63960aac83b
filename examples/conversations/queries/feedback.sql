SELECT coalesce(feedback_total, 'none') AS feedback, count(*) AS users, sum(tokens) AS tokens
FROM gold.usuarios_limpios
GROUP BY ALL
ORDER BY feedback
