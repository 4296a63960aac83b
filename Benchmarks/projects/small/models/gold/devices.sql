/* @ingot
description: Events of each device
materialized: table
*/
SELECT device, count(*) AS events, sum(value) AS total FROM silver.events GROUP BY 1
