-- description: Customers by the month of their first order, and how many of them ordered again
--   months_since months later. retention is their share, 0 to 1.
-- materialization: table
-- key: cohort, months_since
-- schedule: every 10s
-- tests: not_null(customers), not_null(retention)
WITH months AS (
  SELECT DISTINCT tenant_id, customer_id, date_trunc('month', CAST(invoice_date AS DATE)) AS month
  FROM silver.invoice_line
  WHERE customer_id IS NOT NULL
),
firsts AS (
  SELECT tenant_id, customer_id, min(month) AS cohort
  FROM months
  GROUP BY tenant_id, customer_id
),
active AS (
  SELECT
    tenant_id,
    CAST(cohort AS DATE) AS cohort,
    date_diff('month', cohort, month) AS months_since,
    count(*) AS customers
  FROM months
  JOIN firsts USING (tenant_id, customer_id)
  GROUP BY ALL
)
-- decimal_division is exact only where an operand has more than 18 digits: the engine computes
-- smaller ones in 64 bits, and they overflow in silence.
SELECT
  tenant_id,
  cohort,
  months_since,
  customers,
  max(customers) OVER cohorts AS cohort_size,
  CAST(round(decimal_division(CAST(customers AS DECIMAL(24, 0)),
    max(customers) OVER cohorts, 12), 4) AS DECIMAL(9, 4)) AS retention
FROM active
WINDOW cohorts AS (PARTITION BY tenant_id, cohort)
