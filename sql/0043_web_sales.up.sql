-- Cards of virtual issues that web shops sell: each is taken here first, by one request alone, then sold by the engine.
CREATE TABLE web_sales (
  -- Digest of the once-only key of the request that took it.
  key_digest    BINARY(32)  NOT NULL PRIMARY KEY,
  card_id       BIGINT      NOT NULL,
  -- The card while nobody else may have it: until the engine refuses the sale. A sold card is held for good.
  held_card_id  BIGINT      NULL,
  issue_id      INT         NOT NULL,
  serial        INT         NOT NULL,
  shop_code     VARCHAR(8)  NOT NULL,
  -- What its eCode is made from; gone once the sale is confirmed, undone or refused, and with it every way to show it again.
  seed          BINARY(32)  NULL,
  taken_at      DATETIME(3) NOT NULL,
  CONSTRAINT web_sales_held UNIQUE (held_card_id),
  KEY web_sales_issue (issue_id, serial),
  KEY web_sales_seed (shop_code, seed),
  CONSTRAINT web_sales_own CHECK (held_card_id IS NULL OR held_card_id = card_id),
  CONSTRAINT web_sales_seed_held CHECK (seed IS NULL OR held_card_id IS NOT NULL)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
