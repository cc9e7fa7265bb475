-- description: One row per known customer. total_orders counts distinct invoices, cancellations
--   among them; total_spent is net of cancellations; avg_order_value is their exact quotient,
--   rounded half up. Lines without a customer are left out.
-- materialization: incremental
-- key: customer_id
-- incremental: silver.invoice_line by customer_id
-- tests: not_null(total_orders), not_null(total_spent),
--   accepted_values(segment, high, medium, low)
WITH totals AS (
  SELECT
    tenant_id,
    customer_id,
    count(DISTINCT invoice_no) AS total_orders,
    sum(quantity * unit_price) AS total_spent,
    CAST(min(invoice_date) AS DATE) AS first_order_date,
    CAST(max(invoice_date) AS DATE) AS last_order_date,
    max(invoice_date) AS last_order_at,
    arg_max(country, (invoice_date, invoice_no, country)) AS country,
    count(DISTINCT invoice_no) FILTER (invoice_no LIKE 'C%') AS cancelled_orders,
    count(DISTINCT stock_code) AS distinct_products,
    CAST(sum(quantity) AS BIGINT) AS units
  FROM silver.invoice_line
  WHERE customer_id IS NOT NULL
  GROUP BY tenant_id, customer_id
)
-- decimal_division is exact only where an operand has more than 18 digits: the engine computes
-- smaller ones in 64 bits, and they overflow in silence.
SELECT
  tenant_id,
  customer_id,
  total_orders,
  total_spent,
  CAST(round(decimal_division(CAST(total_spent AS DECIMAL(24, 4)), total_orders, 12), 2)
    AS DECIMAL(18, 2)) AS avg_order_value,
  first_order_date,
  last_order_date,
  last_order_at,
  date_diff('day', first_order_date, last_order_date) AS days_active,
  country,
  cancelled_orders,
  distinct_products,
  units,
  CASE
    WHEN total_orders >= 10 AND total_spent >= 5000 THEN 'high'
    WHEN total_orders >= 3 AND total_spent >= 500 THEN 'medium'
    ELSE 'low'
  END AS segment
FROM totals
