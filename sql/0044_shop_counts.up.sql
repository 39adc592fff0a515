-- What a shop has put on cards (load) and given back to cards (return), for its limits an hour and a day: counted before the
-- engine is asked, under the lock of the shop's row, and taken back where the engine says no.
CREATE TABLE shop_counts (
  -- Digest of the request's once-only key: a repeat is not counted again.
  key_digest  BINARY(32)  NOT NULL PRIMARY KEY,
  shop_code   VARCHAR(8)  NOT NULL,
  kind        VARCHAR(6)  NOT NULL,
  amount      BIGINT      NOT NULL,
  at          DATETIME(3) NOT NULL,
  KEY shop_counts_window (shop_code, kind, at),
  CONSTRAINT shop_counts_kind CHECK (kind IN ('load', 'return')),
  CONSTRAINT shop_counts_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
