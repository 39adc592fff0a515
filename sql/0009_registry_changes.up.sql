-- Who added or changed which store or terminal, and when. Keys of terminals have key_changes.
CREATE TABLE registry_changes (
  id             BIGINT       NOT NULL PRIMARY KEY,
  at             DATETIME(3)  NOT NULL,
  who            VARCHAR(40)  NOT NULL,
  action         VARCHAR(10)  NOT NULL,
  -- One of the two.
  store_code     VARCHAR(15)  NULL,
  terminal_code  VARCHAR(8)   NULL,
  detail         VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  KEY registry_changes_store (store_code, id),
  KEY registry_changes_terminal (terminal_code, id),
  CONSTRAINT registry_changes_store_there FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT registry_changes_terminal_there FOREIGN KEY (terminal_code) REFERENCES terminals (code),
  CONSTRAINT registry_changes_of CHECK ((store_code IS NULL) <> (terminal_code IS NULL)),
  CONSTRAINT registry_changes_action CHECK (action IN ('added', 'changed'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
