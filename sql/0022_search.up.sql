-- What lists of transactions are searched by: a table of its own, so that its indexes cost payments nothing between lock
-- and commit. Filled from `unfolded`, at most 2 s behind at some thousand payments a second. Rows lie in the order in
-- which lists show them; each index continues in that order.
CREATE TABLE search_transactions (
  at             DATETIME(3) NOT NULL,
  id             BIGINT      NOT NULL,
  -- The store whose account it moves or whose transaction it settles.
  store_code     VARCHAR(15) NOT NULL,
  terminal_code  VARCHAR(8)  NOT NULL,
  business_date  DATE        NOT NULL,
  card_id        BIGINT      NULL,
  -- Where it moved two cards: a duplicate, and what follows one.
  other_card_id  BIGINT      NULL,
  issue_id       INT         NULL,
  stan           INT         NOT NULL,
  rrn            VARCHAR(12) NOT NULL,
  original_id    BIGINT      NULL,
  role           VARCHAR(10) NOT NULL,
  channel        VARCHAR(10) NOT NULL,
  who            VARCHAR(40) NULL,
  operation      VARCHAR(20) NULL,
  entry_mode     VARCHAR(3)  NOT NULL,
  result         VARCHAR(30) NOT NULL,
  state          VARCHAR(12) NOT NULL,
  undone_by      VARCHAR(12) NULL,
  amount         BIGINT      NOT NULL,
  amount_asked   BIGINT      NULL,
  currency       SMALLINT    NULL,
  PRIMARY KEY (at, id),
  KEY search_transactions_card (card_id, at, id),
  KEY search_transactions_other_card (other_card_id, at, id),
  KEY search_transactions_rrn (rrn, at, id),
  KEY search_transactions_stan (stan, at, id),
  KEY search_transactions_original (original_id, at, id),
  KEY search_transactions_store (store_code, at, id),
  KEY search_transactions_terminal (terminal_code, at, id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Work on rows from before a migration, done beside running traffic: ids from next_id up to, not including, until_id.
CREATE TABLE backfills (
  name      VARCHAR(20) NOT NULL PRIMARY KEY,
  next_id   BIGINT      NOT NULL,
  until_id  BIGINT      NOT NULL,
  CONSTRAINT backfills_range CHECK (next_id >= 0 AND next_id <= until_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Roles, channels and search rows of all transactions that have an id by now.
INSERT INTO backfills (name, next_id, until_id) SELECT 'transactions', 0, next_id FROM id_blocks WHERE name = 'row';

-- Cards are searched where they are: these columns are no payment's, so their indexes cost it nothing.
ALTER TABLE cards
  ADD KEY cards_ending (last_four, first_six),
  ADD KEY cards_ecode (ecode_hash),
  ADD KEY cards_issue_state (issue_id, state),
  ALGORITHM=INPLACE, LOCK=NONE;
