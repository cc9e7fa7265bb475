-- description: What is booked on an account.
-- materialization: incremental
-- key: account
-- incremental: silver.note by account
-- tests: not_null(balance)
SELECT tenant_id, account, count(*) AS notes, sum(amount) AS balance
FROM silver.note
GROUP BY tenant_id, account
