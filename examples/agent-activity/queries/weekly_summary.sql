SELECT extension, week_start, productive_hours, active_intervals
FROM gold.weekly_summary
ORDER BY week_start, extension
