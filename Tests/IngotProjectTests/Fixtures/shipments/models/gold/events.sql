/* @ingot
description: All events in one relation, for queries that know the lake as one table
materialized: view
*/
SELECT record_type, shipment_id AS id, event_time, event_time::date AS dt FROM silver.shipments
UNION ALL
SELECT record_type, shipment_id, event_time, event_time::date FROM silver.tracking_events
UNION ALL
SELECT record_type, invoice_id, event_time, event_time::date FROM silver.invoice_lines
