-- What a shop lists its requests by, out of the data that is kept with each (docs/spec/web.md, section 4).
ALTER TABLE web_requests
  ADD COLUMN shop       VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin AS (JSON_VALUE(data, '$.shop')) STORED,
  ADD COLUMN operation  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin AS (JSON_VALUE(data, '$.operation')) STORED,
  ADD COLUMN order_id   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin AS (JSON_VALUE(data, '$.orderId')) STORED,
  ADD KEY web_requests_shop (shop, operation, transaction_id),
  ADD KEY web_requests_order (shop, order_id, transaction_id);
