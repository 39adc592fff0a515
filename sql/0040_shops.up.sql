-- Web shops, and the keys with which their programs sign in (docs/spec/web.md, section 2).

-- A shop on the Internet. It belongs to a store, whose accounts its money moves on; its code is also the terminal of what
-- it asks for, so it is no terminal's.
CREATE TABLE shops (
  code              VARCHAR(8)   NOT NULL PRIMARY KEY,
  name              VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  store_code        VARCHAR(15)  NOT NULL,
  state             VARCHAR(10)  NOT NULL,
  -- Seconds within which what it asks for is confirmed unless it says otherwise; days within which a payment may be cancelled.
  confirm_within    INT          NOT NULL,
  cancel_days       INT          NOT NULL,
  -- What it may put on cards by loads, and give back to cards, in an hour and on a day; minor units. NULL: no limit, which
  -- only a demo may have.
  loads_an_hour     BIGINT       NULL,
  loads_a_day       BIGINT       NULL,
  returns_an_hour   BIGINT       NULL,
  returns_a_day     BIGINT       NULL,
  created_at        DATETIME(3)  NOT NULL,
  created_by        VARCHAR(40)  NOT NULL,
  CONSTRAINT shops_store FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT shops_state CHECK (state IN ('open', 'closed')),
  CONSTRAINT shops_confirm_within CHECK (confirm_within BETWEEN 60 AND 604800),
  CONSTRAINT shops_cancel_days CHECK (cancel_days BETWEEN 0 AND 366),
  CONSTRAINT shops_limits CHECK (
    (loads_an_hour IS NULL OR loads_an_hour >= 0) AND (loads_a_day IS NULL OR loads_a_day >= 0)
    AND (returns_an_hour IS NULL OR returns_an_hour >= 0) AND (returns_a_day IS NULL OR returns_a_day >= 0))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Keys are kept as SHA-256: they are drawn from 190 bits, so that nobody finds one by trying.
CREATE TABLE api_keys (
  id          BIGINT        NOT NULL PRIMARY KEY,
  shop_code   VARCHAR(8)    NOT NULL,
  name        VARCHAR(40)   CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  kind        VARCHAR(12)   NOT NULL,
  digest      BINARY(32)    NOT NULL,
  -- The last four characters, by which people tell keys apart.
  ending      CHAR(4)       NOT NULL,
  -- Names separated by blanks; a publishable key has origins and no scopes.
  scopes      VARCHAR(100)  NOT NULL,
  origins     VARCHAR(1000) NOT NULL,
  -- Networks that it may be used from, separated by blanks; empty: from anywhere.
  networks    VARCHAR(1000) NOT NULL,
  expires_at  DATETIME(3)   NULL,
  revoked_at  DATETIME(3)   NULL,
  created_at  DATETIME(3)   NOT NULL,
  created_by  VARCHAR(40)   NOT NULL,
  CONSTRAINT api_keys_digest UNIQUE (digest),
  CONSTRAINT api_keys_shop FOREIGN KEY (shop_code) REFERENCES shops (code),
  CONSTRAINT api_keys_kind CHECK (kind IN ('secret', 'publishable')),
  CONSTRAINT api_keys_publishable CHECK ((kind = 'publishable') = (origins <> '') AND (kind = 'secret') = (scopes <> ''))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
