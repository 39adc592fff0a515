-- Cards of virtual issues that web shops sell: each is taken here first, by one request alone, then sold by the engine.
CREATE TABLE web_sales (
  card_id     BIGINT      NOT NULL PRIMARY KEY,
  issue_id    INT         NOT NULL,
  serial      INT         NOT NULL,
  shop_code   VARCHAR(8)  NOT NULL,
  -- Digest of the once-only key of the request that took it.
  key_digest  BINARY(32)  NOT NULL,
  -- What its eCode is made from; gone once the sale is confirmed or undone, and with it every way to show it again.
  seed        BINARY(32)  NULL,
  taken_at    DATETIME(3) NOT NULL,
  CONSTRAINT web_sales_key UNIQUE (key_digest),
  KEY web_sales_issue (issue_id, serial),
  KEY web_sales_seed (shop_code, seed)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
