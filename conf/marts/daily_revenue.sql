-- description: Revenue per day (UTC). revenue is the sum of quantity times unit price over every
--   line of the day, cancellations and returns taken off, nothing filtered.
-- materialization: incremental
-- key: day
-- incremental: silver.invoice_line by day = CAST(invoice_date AS DATE)
-- tests: not_null(revenue), not_null(lines)
SELECT
  tenant_id,
  CAST(invoice_date AS DATE) AS day,
  sum(quantity * unit_price) AS revenue,
  count(*) AS lines,
  count(DISTINCT invoice_no) AS invoices,
  count(DISTINCT customer_id) AS customers,
  CAST(sum(quantity) AS BIGINT) AS units,
  coalesce(sum(quantity * unit_price) FILTER (quantity > 0), 0) AS gross_revenue,
  coalesce(sum(quantity * unit_price) FILTER (quantity <= 0), 0) AS returned_revenue,
  count(DISTINCT invoice_no) FILTER (invoice_no LIKE 'C%') AS cancelled_invoices
FROM silver.invoice_line
WHERE invoice_date IS NOT NULL
GROUP BY tenant_id, day
