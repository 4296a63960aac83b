SELECT extension, week_start, round(productive_hours, 2) AS productive_hours, intervals_with_activity
FROM gold.weekly_summary
ORDER BY week_start, extension
