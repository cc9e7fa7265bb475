-- description: One row per product of the catalogue: what was sold of it, drafts and void invoices
--   left out.
-- materialization: incremental
-- key: product_id
-- incremental: silver.product by product_id
-- incremental: silver.invoice by product_id
-- tests: not_null(quantity), not_null(revenue)
SELECT
  product.tenant_id,
  product.product_id,
  any_value(product.name) AS name,
  any_value(product.category) AS category,
  any_value(product.price) AS price,
  CAST(coalesce(sum(invoice.quantity), 0) AS BIGINT) AS quantity,
  coalesce(sum(invoice.amount), 0) AS revenue,
  count(invoice.invoice_id) AS orders,
  count(DISTINCT invoice.customer_id) AS customers,
  min(invoice.invoice_date) AS first_sold_at,
  max(invoice.invoice_date) AS last_sold_at
FROM silver.product AS product
LEFT JOIN silver.invoice AS invoice
  ON invoice.tenant_id = product.tenant_id AND invoice.product_id = product.product_id
    AND coalesce(invoice.status, '') NOT IN ('draft', 'void')
GROUP BY product.tenant_id, product.product_id
