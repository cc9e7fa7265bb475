-- description: What is on hand per product over all warehouses, against what sold in the last 30
--   days of invoices, and whether to reorder.
-- materialization: table
-- key: product_id
-- tests: not_null(available), accepted_values(status, out_of_stock, low, healthy)
WITH stock AS (
  SELECT
    tenant_id,
    product_id,
    CAST(sum(on_hand) AS BIGINT) AS on_hand,
    CAST(sum(reserved) AS BIGINT) AS reserved,
    count(DISTINCT warehouse) AS warehouses,
    max(updated_at) AS updated_at
  FROM silver.inventory
  GROUP BY tenant_id, product_id
),
last_days AS (
  SELECT tenant_id, max(invoice_date) - INTERVAL 30 DAY AS since
  FROM silver.invoice
  GROUP BY tenant_id
),
sold AS (
  SELECT tenant_id, product_id, CAST(sum(quantity) AS BIGINT) AS sold_last_30d
  FROM silver.invoice
  JOIN last_days USING (tenant_id)
  WHERE invoice_date > since
  GROUP BY tenant_id, product_id
)
SELECT
  tenant_id,
  product_id,
  on_hand,
  reserved,
  on_hand - reserved AS available,
  warehouses,
  coalesce(sold_last_30d, 0) AS sold_last_30d,
  CASE
    WHEN on_hand - reserved <= 0 THEN 'out_of_stock'
    WHEN on_hand - reserved < coalesce(sold_last_30d, 0) THEN 'low'
    ELSE 'healthy'
  END AS status,
  updated_at
FROM stock
LEFT JOIN sold USING (tenant_id, product_id)
