-- description: One row per customer that has an invoice, drafts and void ones left out: what they
--   ordered, what they spent, and who they are as far as their masked record tells.
-- materialization: incremental
-- key: customer_id
-- incremental: silver.invoice by customer_id
-- incremental: silver.customer by customer_id
-- tests: not_null(total_orders), not_null(total_spent)
WITH totals AS (
  SELECT
    tenant_id,
    customer_id,
    count(*) AS total_orders,
    sum(amount) AS total_spent,
    coalesce(sum(amount) FILTER (status IN ('open', 'overdue')), 0) AS open_amount,
    CAST(min(invoice_date) AS DATE) AS first_order_date,
    CAST(max(invoice_date) AS DATE) AS last_order_date,
    max(invoice_date) AS last_order_at,
    count(DISTINCT product_id) AS distinct_products
  FROM silver.invoice
  WHERE customer_id IS NOT NULL AND coalesce(status, '') NOT IN ('draft', 'void')
  GROUP BY tenant_id, customer_id
)
-- decimal_division is exact only where an operand has more than 18 digits: the engine computes
-- smaller ones in 64 bits, and they overflow in silence.
SELECT
  totals.tenant_id,
  totals.customer_id,
  customer.name,
  customer.country,
  customer.segment,
  total_orders,
  total_spent,
  CAST(round(decimal_division(CAST(total_spent AS DECIMAL(24, 4)), total_orders, 12), 2)
    AS DECIMAL(18, 2)) AS avg_order_value,
  open_amount,
  first_order_date,
  last_order_date,
  last_order_at,
  distinct_products
FROM totals
LEFT JOIN silver.customer AS customer
  ON customer.tenant_id = totals.tenant_id AND customer.customer_id = totals.customer_id
