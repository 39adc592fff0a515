-- What an installation decides for itself. A name that is not here has the value of the code.
CREATE TABLE settings (
  name   VARCHAR(40) NOT NULL PRIMARY KEY,
  value  BIGINT      NOT NULL,
  who    VARCHAR(40) NOT NULL,
  at     DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Where alerts are mailed to.
CREATE TABLE alert_recipients (
  address  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One action on many cards. The preview freezes the cards; a job does it; one more job takes it back.
CREATE TABLE bulks (
  id          BIGINT       NOT NULL PRIMARY KEY,
  action      VARCHAR(10)  NOT NULL,
  -- Of a blocking: its kind. Of an extension: the new last day.
  block       VARCHAR(10)  NULL,
  until_day   DATE         NULL,
  state       VARCHAR(10)  NOT NULL,
  cards       INT          NOT NULL,
  -- JSON: a sum for each currency; how many cards were left out and why.
  money       VARCHAR(1000) NOT NULL,
  skipped     VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  second      BOOLEAN      NOT NULL,
  by_login    VARCHAR(40)  NOT NULL,
  at          DATETIME(3)  NOT NULL,
  reason      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  KEY bulks_by (by_login, id),
  CONSTRAINT bulks_action CHECK (action IN ('block', 'unblock', 'extend')),
  CONSTRAINT bulks_state CHECK (state IN ('previewed', 'proposed', 'running', 'done', 'undoing', 'undone', 'refused'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Each card of it, as it was when the preview was made, and what became of it. `sent`: handed to the engine under a key of
-- its own, so that it is done once however often a broken-off job begins again.
CREATE TABLE bulk_cards (
  bulk_id       BIGINT      NOT NULL,
  position      INT         NOT NULL,
  card_id       BIGINT      NOT NULL,
  block_before  VARCHAR(10) NULL,
  valid_before  DATE        NULL,
  result        VARCHAR(40) NULL,
  done_at       DATETIME(3) NULL,
  PRIMARY KEY (bulk_id, position),
  CONSTRAINT bulk_cards_of FOREIGN KEY (bulk_id) REFERENCES bulks (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- A till's journal beside the open cases. The file itself is not kept: its rows are, and its hash.
CREATE TABLE journals (
  id         BIGINT       NOT NULL PRIMARY KEY,
  store_code VARCHAR(15)  NOT NULL,
  file_name  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sha256     CHAR(64)     NOT NULL,
  by_login   VARCHAR(40)  NOT NULL,
  at         DATETIME(3)  NOT NULL,
  KEY journals_store (store_code, id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE journal_rows (
  journal_id  BIGINT       NOT NULL,
  line_number INT          NOT NULL,
  terminal    VARCHAR(8)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  stan        INT          NULL,
  -- As the file says it.
  said_at     VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  amount      BIGINT       NULL,
  last_four   CHAR(4)      NULL,
  happened    BOOLEAN      NULL,
  case_id     BIGINT       NULL,
  matched     VARCHAR(10)  NOT NULL,
  -- What shall be done about it: it happened, or it did not.
  decided     BOOLEAN      NULL,
  result      VARCHAR(40)  NULL,
  PRIMARY KEY (journal_id, line_number),
  CONSTRAINT journal_rows_of FOREIGN KEY (journal_id) REFERENCES journals (id),
  CONSTRAINT journal_rows_matched CHECK (matched IN ('exact', 'likely', 'several', 'none'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Which column of a store's journal is what, as it was chosen last. JSON.
CREATE TABLE journal_mappings (
  store_code  VARCHAR(15)   NOT NULL PRIMARY KEY,
  mapping     VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
