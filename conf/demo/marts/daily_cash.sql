-- description: Cash taken in per day (UTC) and currency, from paid invoices; what is still open
--   stands beside it.
-- materialization: incremental
-- key: day, currency
-- incremental: silver.invoice by day = CAST(invoice_date AS DATE), currency
-- tests: not_null(cash_in), not_null(invoices)
SELECT
  tenant_id,
  CAST(invoice_date AS DATE) AS day,
  currency,
  coalesce(sum(amount) FILTER (status = 'paid'), 0) AS cash_in,
  count(*) FILTER (status = 'paid') AS invoices_paid,
  count(*) AS invoices,
  sum(amount) AS invoiced,
  coalesce(sum(amount) FILTER (status IN ('open', 'overdue')), 0) AS open_amount
FROM silver.invoice
WHERE invoice_date IS NOT NULL AND currency IS NOT NULL
GROUP BY tenant_id, day, currency
