SELECT
  dt,
  MIN(weight_kg) AS min_weight_kg,
  MAX(weight_kg) AS max_weight_kg,
  APPROX_DISTINCT(shipment_id) AS approx_unique_shipments
FROM "shipments".silver
WHERE record_type = 'shipments'
GROUP BY dt
ORDER BY dt DESC;
