-- Under which keys card numbers are kept (sealed, and hashed for look-up). The keys themselves are never here. While
-- numbers are moved there are two: the one in use, and the one that comes or goes.
CREATE TABLE number_keys (
  id           TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  check_value  CHAR(6)     NOT NULL,
  state        VARCHAR(10) NOT NULL,
  made_at      DATETIME(3) NOT NULL,
  CONSTRAINT number_keys_id CHECK (id > 0),
  CONSTRAINT number_keys_state CHECK (state IN ('incoming', 'current', 'leaving'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Until now the key of numbers was derived from the card key itself.
INSERT INTO number_keys (id, check_value, state, made_at)
  SELECT 1, card_key, 'current', created_at FROM installation;

-- A sealed number begins with the id of its key. No number is kept under a key that is not in number_keys, and no key
-- leaves it while a number is kept under it: the database sees to both.
ALTER TABLE cards
  ADD COLUMN number_key TINYINT UNSIGNED GENERATED ALWAYS AS (ORD(number_sealed)) STORED,
  ADD CONSTRAINT cards_number_key FOREIGN KEY (number_key) REFERENCES number_keys (id);
