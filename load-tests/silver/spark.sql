-- What shop_sale.yaml asks, as one writes it for Spark; ${run} is a namespace of the scratch catalog.
CACHE TABLE judged AS
WITH told AS (
  SELECT tenant_id, lineage_id, source, entity, batch_id, position, payload, ingest_time,
    from_json(CAST(payload AS STRING),
      'order_id STRING, placed_at STRING, status STRING, currency STRING, total STRING,
       customer STRUCT<id: STRING, name: STRING, email: STRING, phone: STRING, country: STRING>,
       line STRUCT<sku: STRING, quantity: STRING, unit_price: STRING>, broken STRING',
      map('columnNameOfCorruptRecord', 'broken')) AS r
  FROM lode.bronze.shop_sale),
even AS (
  SELECT * EXCEPT (r), r.broken,
    nullif(r.order_id, '') AS order_id,
    nullif(r.placed_at, '') AS placed_at_text,
    nullif(r.status, '') AS status,
    nullif(r.customer.id, '') AS customer_id,
    nullif(regexp_replace(trim(r.customer.name), '\\s+', ' '), '') AS customer_name,
    nullif(lower(trim(r.customer.email)), '') AS email,
    nullif(regexp_replace(r.customer.phone, '[^0-9]', ''), '') AS phone,
    nullif(upper(trim(r.customer.country)), '') AS country,
    nullif(r.line.sku, '') AS sku,
    nullif(r.line.quantity, '') AS quantity_text,
    nullif(r.line.unit_price, '') AS unit_price_text,
    nullif(r.currency, '') AS currency,
    nullif(r.total, '') AS total_text
  FROM told),
typed AS (
  SELECT *,
    try_cast(placed_at_text AS TIMESTAMP) AS placed_at,
    try_cast(quantity_text AS INT) AS quantity,
    try_cast(unit_price_text AS DECIMAL(18,2)) AS unit_price,
    try_cast(total_text AS DECIMAL(18,2)) AS total
  FROM even),
looked AS (
  SELECT *,
    CASE WHEN broken IS NOT NULL THEN array('malformed') ELSE
      filter(array(
        CASE WHEN order_id IS NULL THEN 'order_id_required' END,
        CASE WHEN NOT order_id RLIKE '^O-[0-9]{8}$' THEN 'order_id_pattern' END,
        CASE WHEN placed_at_text IS NULL THEN 'placed_at_required' END,
        CASE WHEN placed_at_text IS NOT NULL AND placed_at IS NULL THEN 'placed_at_type' END,
        CASE WHEN status NOT IN ('open', 'paid', 'sent', 'returned') THEN 'status_known' END,
        CASE WHEN customer_id IS NULL THEN 'customer_id_required' END,
        CASE WHEN NOT email RLIKE '^[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+$' THEN 'email_format' END,
        CASE WHEN length(phone) < 8 OR length(phone) > 15 THEN 'phone_length' END,
        CASE WHEN NOT country RLIKE '^[A-Z]{2}$' THEN 'country_pattern' END,
        CASE WHEN quantity_text IS NULL THEN 'quantity_required' END,
        CASE WHEN quantity_text IS NOT NULL AND quantity IS NULL THEN 'quantity_type' END,
        CASE WHEN quantity < 1 OR quantity > 1000 THEN 'quantity_range' END,
        CASE WHEN unit_price_text IS NOT NULL AND unit_price IS NULL THEN 'unit_price_type' END,
        CASE WHEN unit_price < 0 THEN 'unit_price_range' END,
        CASE WHEN currency NOT IN ('EUR', 'USD', 'BRL', 'GBP') THEN 'currency_known' END,
        CASE WHEN total_text IS NULL THEN 'total_required' END,
        CASE WHEN total_text IS NOT NULL AND total IS NULL THEN 'total_type' END,
        CASE WHEN total <> quantity * unit_price THEN 'total_adds_up' END),
      rule -> rule IS NOT NULL) END AS found,
    array_except(found, array('email_format', 'phone_length', 'country_pattern',
      'unit_price_range', 'total_adds_up')) AS fatal
  FROM typed),
counted AS (
  SELECT *, size(fatal) = 0 AND row_number() OVER (
    PARTITION BY tenant_id, order_id, size(fatal) = 0 ORDER BY lineage_id) > 1 AS repeats
  FROM looked)
SELECT * EXCEPT (payload, broken, placed_at_text, quantity_text, unit_price_text, total_text,
    found, fatal, repeats),
  CASE WHEN repeats THEN array_append(found, 'order_id_unique') ELSE found END AS failed,
  CASE WHEN repeats THEN 'order_id_unique' ELSE get(fatal, 0) END AS rejected,
  CASE WHEN repeats OR size(fatal) > 0 THEN payload END AS payload
FROM counted;

CREATE TABLE scratch.${run}.sale USING iceberg PARTITIONED BY (tenant_id)
TBLPROPERTIES ('format-version' = '3', 'write.distribution-mode' = 'none') AS
SELECT tenant_id, order_id, placed_at, status, customer_id,
  CASE WHEN length(customer_name) <= 1 THEN repeat('*', length(customer_name))
    ELSE concat(left(customer_name, 1), repeat('*', length(customer_name) - 1)) END
    AS customer_name,
  sha2(concat(unhex(repeat('5c', 64)),
    unhex(sha2(concat(unhex(repeat('36', 64)), encode(email, 'UTF-8')), 256))), 256) AS email,
  CASE WHEN length(phone) <= 4 THEN repeat('*', length(phone))
    ELSE concat(repeat('*', length(phone) - 4), right(phone, 4)) END AS phone,
  country, sku, quantity, unit_price, currency, total, lineage_id,
  ingest_time AS _event_time, ingest_time AS _ingest_time, failed AS _flags
FROM judged WHERE rejected IS NULL;

CREATE TABLE scratch.${run}.quarantine USING iceberg PARTITIONED BY (tenant_id)
TBLPROPERTIES ('format-version' = '3', 'write.distribution-mode' = 'none') AS
SELECT tenant_id, lineage_id, source, entity, batch_id, position, rejected AS rule,
  array_join(failed, '; ') AS reason, payload, ingest_time, now() AS rejected_at
FROM judged WHERE rejected IS NOT NULL;

CREATE TABLE scratch.${run}.quality USING iceberg TBLPROPERTIES ('format-version' = '3') AS
SELECT tenant_id, rule, count(*) AS failed
FROM (SELECT tenant_id, explode(failed) AS rule FROM judged) GROUP BY tenant_id, rule;

DROP VIEW judged
