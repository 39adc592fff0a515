-- The books of Akart. Money is BIGINT in minor units; times are UTC; codes are ASCII and compared byte by byte.
-- Ids are given by the application in blocks (id_blocks), rising with time, so that rows are appended.

-- What this database is for (demo or production) and which card key belongs to it. One row.
CREATE TABLE installation (
  id          TINYINT     NOT NULL PRIMARY KEY,
  mark        VARCHAR(10) NOT NULL,
  card_key    CHAR(6)     NOT NULL,
  created_at  DATETIME(3) NOT NULL,
  CONSTRAINT installation_one_row CHECK (id = 1),
  CONSTRAINT installation_mark CHECK (mark IN ('demo', 'production'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The next id that no process has taken yet.
CREATE TABLE id_blocks (
  name     VARCHAR(20) NOT NULL PRIMARY KEY,
  next_id  BIGINT      NOT NULL,
  CONSTRAINT id_blocks_safe CHECK (next_id > 0 AND next_id < 9007199254740992)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The first million ids are for accounts of stores, counterparties and the issuer; a card's account has the card's id.
INSERT INTO id_blocks (name, next_id) VALUES ('account', 1), ('row', 1000001);

CREATE TABLE stores (
  code        VARCHAR(15)  NOT NULL PRIMARY KEY,
  name        VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  currency    SMALLINT     NOT NULL,
  time_zone   VARCHAR(40)  NOT NULL,
  language    CHAR(2)      NOT NULL,
  state       VARCHAR(10)  NOT NULL,
  CONSTRAINT stores_language CHECK (language IN ('pl', 'en')),
  CONSTRAINT stores_state CHECK (state IN ('open', 'closed'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Every ledger account that is not a card's.
CREATE TABLE accounts (
  id        BIGINT      NOT NULL PRIMARY KEY,
  kind      VARCHAR(30) NOT NULL,
  owner     VARCHAR(15) NOT NULL,
  currency  SMALLINT    NOT NULL,
  CONSTRAINT accounts_one UNIQUE (kind, owner, currency),
  CONSTRAINT accounts_below_rows CHECK (id > 0 AND id <= 1000000)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE terminals (
  code           VARCHAR(8)  NOT NULL PRIMARY KEY,
  store_code     VARCHAR(15) NOT NULL,
  confirmation   VARCHAR(10) NOT NULL,
  mac            VARCHAR(10) NOT NULL,
  -- The MAC key, sealed by the master key (AES-256-GCM); never in the clear.
  mac_key        VARBINARY(80) NULL,
  state          VARCHAR(10) NOT NULL,
  -- The business day that the terminal's end of day opened; NULL: the calendar day of the store.
  business_date  DATE        NULL,
  CONSTRAINT terminals_store FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT terminals_confirmation CHECK (confirmation IN ('explicit', 'next', 'none')),
  CONSTRAINT terminals_mac CHECK (mac IN ('none', 'retail', 'aes-cmac')),
  CONSTRAINT terminals_mac_key CHECK ((mac = 'none') = (mac_key IS NULL)),
  CONSTRAINT terminals_state CHECK (state IN ('active', 'inactive'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE issues (
  id                          INT         NOT NULL PRIMARY KEY,
  code                        VARCHAR(20) NOT NULL,
  name                        VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  currency                    SMALLINT    NOT NULL,
  prefix                      VARCHAR(8)  NOT NULL,
  number_length               TINYINT     NOT NULL,
  value_kind                  VARCHAR(10) NOT NULL,
  nominal                     BIGINT      NULL,
  sale_minimum                BIGINT      NOT NULL,
  sale_maximum                BIGINT      NOT NULL,
  sale_step                   BIGINT      NOT NULL,
  top_up_minimum              BIGINT      NULL,
  top_up_maximum              BIGINT      NULL,
  top_up_step                 BIGINT      NULL,
  -- How often a card may be topped up in its life; how often and how much may be taken from it in a day. NULL: no limit.
  top_up_count                INT         NULL,
  daily_count                 INT         NULL,
  daily_amount                BIGINT      NULL,
  maximum_balance             BIGINT      NOT NULL,
  refund_onto_card            BOOLEAN     NOT NULL,
  refund_onto_new             BOOLEAN     NOT NULL,
  unreceipted_refund_maximum  BIGINT      NOT NULL,
  partial_approval            BOOLEAN     NOT NULL,
  cash_out_maximum            BIGINT      NOT NULL,
  pay_by_number               BOOLEAN     NOT NULL,
  balance_by_number           BOOLEAN     NOT NULL,
  validity_months             INT         NULL,
  CONSTRAINT issues_code UNIQUE (code),
  CONSTRAINT issues_value CHECK ((value_kind = 'nominal') = (nominal IS NOT NULL) AND value_kind IN ('open', 'nominal')),
  CONSTRAINT issues_sale CHECK (sale_minimum > 0 AND sale_maximum >= sale_minimum AND sale_step > 0),
  CONSTRAINT issues_top_up CHECK (
    (top_up_minimum IS NULL AND top_up_maximum IS NULL AND top_up_step IS NULL)
    OR (top_up_minimum > 0 AND top_up_maximum >= top_up_minimum AND top_up_step > 0)),
  CONSTRAINT issues_maximum_balance CHECK (maximum_balance > 0 AND maximum_balance <= 999999999999)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Where an issue is sold, and where it is accepted; no rows of a purpose: everywhere.
CREATE TABLE issue_stores (
  issue_id    INT         NOT NULL,
  purpose     VARCHAR(10) NOT NULL,
  store_code  VARCHAR(15) NOT NULL,
  PRIMARY KEY (issue_id, purpose, store_code),
  CONSTRAINT issue_stores_issue FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT issue_stores_store FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT issue_stores_purpose CHECK (purpose IN ('sell', 'accept'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Counts every change of stores, accounts, terminals and issues, so that each process sees when to read them again.
CREATE TABLE registry_version (
  id       TINYINT NOT NULL PRIMARY KEY,
  version  BIGINT  NOT NULL,
  CONSTRAINT registry_version_one_row CHECK (id = 1)
) ENGINE=InnoDB;
INSERT INTO registry_version (id, version) VALUES (1, 1);

-- Cards and their running balances. The engine locks these rows, in id order, and nothing else.
-- The number is sealed (AES-256-GCM) and found by a keyed hash; the eCode is kept only as a keyed hash; tracks are not kept.
CREATE TABLE cards (
  id             BIGINT        NOT NULL PRIMARY KEY,
  issue_id       INT           NOT NULL,
  serial         INT           NOT NULL,
  number_hash    BINARY(16)    NOT NULL,
  number_sealed  VARBINARY(80) NOT NULL,
  first_six      CHAR(6)       NOT NULL,
  last_four      CHAR(4)       NOT NULL,
  ecode_hash     BINARY(16)    NULL,
  expiry         CHAR(4)       NOT NULL,
  version        TINYINT       NOT NULL,
  state          VARCHAR(10)   NOT NULL,
  block          VARCHAR(10)   NULL,
  valid_until    DATE          NULL,
  -- The card that a duplicate put in its place.
  replaced_by    BIGINT        NULL,
  -- What was taken on the latest business day that took anything, for daily limits; top-ups that stand.
  day            DATE          NULL,
  day_count      INT           NOT NULL DEFAULT 0,
  day_amount     BIGINT        NOT NULL DEFAULT 0,
  top_ups        INT           NOT NULL DEFAULT 0,
  -- A wrong check value or eCode has been shown: card_tries has rows of this card.
  tried          BOOLEAN       NOT NULL DEFAULT FALSE,
  ledger         BIGINT        NOT NULL DEFAULT 0,
  available      BIGINT        NOT NULL DEFAULT 0,
  CONSTRAINT cards_number UNIQUE (number_hash),
  CONSTRAINT cards_serial UNIQUE (issue_id, serial),
  CONSTRAINT cards_issue FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT cards_id CHECK (id > 1000000),
  CONSTRAINT cards_state CHECK (state IN ('inactive', 'sellable', 'sold', 'expired', 'closed', 'replaced')),
  CONSTRAINT cards_block CHECK (block IS NULL OR block IN ('lost', 'stolen', 'customer', 'suspicion')),
  CONSTRAINT cards_replaced CHECK ((state = 'replaced') = (replaced_by IS NOT NULL)),
  CONSTRAINT cards_counts CHECK (day_count >= 0 AND day_amount >= 0 AND top_ups >= 0),
  CONSTRAINT cards_not_overdrawn CHECK (available >= 0 AND available <= ledger),
  CONSTRAINT cards_unsold_empty CHECK (ledger = 0 OR state NOT IN ('inactive', 'sellable'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Wrong check values and eCodes, counted per card and source (a terminal, an address).
CREATE TABLE card_tries (
  card_id       BIGINT      NOT NULL,
  source        VARCHAR(45) NOT NULL,
  wrong         TINYINT     NOT NULL,
  locks         SMALLINT    NOT NULL,
  locked_until  DATETIME(3) NULL,
  PRIMARY KEY (card_id, source),
  CONSTRAINT card_tries_counts CHECK (wrong >= 0 AND locks >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One row per request, declined ones too, under its once-only key; an approved one that moves money carries its
-- transfer (debit, credit, amount), which is never changed. state, undone_by, confirm_by and returned are its fate.
CREATE TABLE transactions (
  id               BIGINT         NOT NULL PRIMARY KEY,
  store_code       VARCHAR(15)    NOT NULL,
  terminal_code    VARCHAR(8)     NOT NULL,
  kind             SMALLINT       NOT NULL,
  stan             INT            NOT NULL,
  transmitted      BIGINT         NOT NULL,
  content          BINARY(16)     NOT NULL,
  received_at      DATETIME(3)    NOT NULL,
  business_date    DATE           NOT NULL,
  local_time       VARCHAR(10)    NOT NULL,
  line             VARCHAR(40)    NOT NULL,
  trace            VARCHAR(24)    NOT NULL,
  processing_code  CHAR(6)        NOT NULL,
  operation        VARCHAR(20)    NULL,
  entry_mode       VARCHAR(3)     NOT NULL,
  card_id          BIGINT         NULL,
  amount_asked     BIGINT         NULL,
  currency         SMALLINT       NULL,
  debit_account    BIGINT         NULL,
  credit_account   BIGINT         NULL,
  amount           BIGINT         NOT NULL,
  sells            BOOLEAN        NOT NULL,
  result           VARCHAR(30)    NOT NULL,
  rrn              VARCHAR(12)    NOT NULL,
  approval_code    VARCHAR(6)     NOT NULL,
  original_id      BIGINT         NULL,
  ledger_after     BIGINT         NULL,
  available_after  BIGINT         NULL,
  balance_currency SMALLINT       NULL,
  echo             VARCHAR(999)   NULL,
  state            VARCHAR(12)    NOT NULL,
  undone_by        VARCHAR(12)    NULL,
  confirm_by       DATETIME(3)    NULL,
  returned         BIGINT         NOT NULL DEFAULT 0,
  CONSTRAINT transactions_once UNIQUE (transmitted, stan, terminal_code, store_code, kind),
  KEY transactions_card (card_id),
  KEY transactions_unconfirmed (confirm_by, terminal_code),
  KEY transactions_rrn (rrn),
  KEY transactions_day (terminal_code, business_date),
  CONSTRAINT transactions_transfer CHECK (
    (amount = 0 AND debit_account IS NULL AND credit_account IS NULL)
    OR (amount > 0 AND debit_account <> credit_account)),
  CONSTRAINT transactions_state CHECK (state IN ('declined', 'unconfirmed', 'confirmed', 'reversed', 'cancelled')),
  CONSTRAINT transactions_unconfirmed_waits CHECK ((state = 'unconfirmed') = (confirm_by IS NOT NULL)),
  CONSTRAINT transactions_declined_still CHECK (state <> 'declined' OR amount = 0),
  CONSTRAINT transactions_returned CHECK (returned >= 0 AND returned <= amount)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The ends of day of terminals: what the switch counted, and how it answered. The id is that of the 0500 or 0520.
CREATE TABLE day_ends (
  id                      BIGINT      NOT NULL PRIMARY KEY,
  terminal_code           VARCHAR(8)  NOT NULL,
  store_code              VARCHAR(15) NOT NULL,
  -- Business days from `since` (NULL: from the beginning) up to and including `business_date` are closed by it.
  since                   DATE        NULL,
  business_date           DATE        NOT NULL,
  credits                 INT         NOT NULL,
  credits_amount          BIGINT      NOT NULL,
  reversed_credits        INT         NOT NULL,
  reversed_credits_amount BIGINT      NOT NULL,
  debits                  INT         NOT NULL,
  debits_amount           BIGINT      NOT NULL,
  reversed_debits         INT         NOT NULL,
  reversed_debits_amount  BIGINT      NOT NULL,
  agreed                  BOOLEAN     NOT NULL,
  KEY day_ends_terminal (terminal_code, business_date)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Jobs that any number of processes share: a process works on the slices whose rows it has locked (SKIP LOCKED), and
-- loses them with its connection.
CREATE TABLE job_slices (
  job    VARCHAR(20) NOT NULL,
  slice  TINYINT     NOT NULL,
  PRIMARY KEY (job, slice)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
INSERT INTO job_slices (job, slice) VALUES
  ('confirm_timer', 0), ('confirm_timer', 1), ('confirm_timer', 2), ('confirm_timer', 3);

-- Clarification cases: what a person has to look at. The id is that of the request that opened it.
CREATE TABLE cases (
  id              BIGINT      NOT NULL PRIMARY KEY,
  transaction_id  BIGINT      NOT NULL,
  -- The same while the case is open, NULL afterwards: there is never more than one open case about a transaction.
  open_for        BIGINT      NULL,
  card_id         BIGINT      NULL,
  reason          VARCHAR(30) NOT NULL,
  opened_at       DATETIME(3) NOT NULL,
  -- What the store has said since: the last request that would have opened a case of its own.
  claim           VARCHAR(30) NULL,
  claimed_by      BIGINT      NULL,
  -- Who decided and why, where a person did.
  closed_by       VARCHAR(40) NULL,
  note            VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  closed_at       DATETIME(3) NULL,
  resolution      VARCHAR(30) NULL,
  CONSTRAINT cases_one_open UNIQUE (open_for),
  KEY cases_transaction (transaction_id),
  KEY cases_opened (opened_at),
  CONSTRAINT cases_open_or_closed CHECK (
    (open_for IS NULL) = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (resolution IS NULL)),
  CONSTRAINT cases_open_for_its_own CHECK (open_for IS NULL OR open_for = transaction_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
