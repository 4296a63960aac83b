SELECT day, accounts
FROM gold.accounts_per_day
ORDER BY day
