SELECT dt, shipment_id, origin, destination, carrier, weight_kg, event_time
FROM "shipments".silver
WHERE record_type = 'shipments'
ORDER BY dt DESC, event_time DESC
LIMIT 20;
