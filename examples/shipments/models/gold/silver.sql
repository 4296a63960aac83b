/* @ingot
description: All events in one relation, for queries that know the lake as one table
materialized: view
*/
SELECT record_type, event_time::date AS dt, event_time, shipment_id, origin, destination, carrier, weight_kg
FROM silver.shipments
UNION ALL BY NAME
SELECT record_type, event_time::date AS dt, event_time, shipment_id, status, city
FROM silver.tracking_events
UNION ALL BY NAME
SELECT record_type, event_time::date AS dt, event_time, invoice_id, sku, quantity, unit_price, line_total
FROM silver.invoice_lines
