SELECT dt, COUNT(*) AS rows
FROM "shipments".silver
WHERE record_type = 'shipments'
GROUP BY dt
ORDER BY dt DESC;
