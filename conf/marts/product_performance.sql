-- description: One row per product (stock code). quantity and revenue are net of cancellations;
--   description is the one last written on an invoice.
-- materialization: incremental
-- key: stock_code
-- incremental: silver.invoice_line by stock_code
-- tests: not_null(quantity), not_null(revenue)
SELECT
  tenant_id,
  stock_code,
  arg_max(description, (invoice_date, invoice_no, description))
    FILTER (description <> '') AS description,
  CAST(sum(quantity) AS BIGINT) AS quantity,
  sum(quantity * unit_price) AS revenue,
  count(DISTINCT invoice_no) AS orders,
  count(DISTINCT customer_id) AS customers,
  CAST(coalesce(-sum(quantity) FILTER (quantity < 0), 0) AS BIGINT) AS returned,
  min(invoice_date) AS first_sold_at,
  max(invoice_date) AS last_sold_at
FROM silver.invoice_line
WHERE stock_code IS NOT NULL
GROUP BY tenant_id, stock_code
