-- Additive: the version before keeps all transactions, and asks for none of these tables.
-- Transactions that are in files of their own, and what their figures were (docs/decisions/0360-what-is-archived.md).

-- A file of the archive: written first, then its transactions are removed from here.
CREATE TABLE archives (
  id            BIGINT       NOT NULL PRIMARY KEY,
  -- The month, YYYY-MM in UTC, in which the last transaction of each of its cards was.
  month         CHAR(7)      NOT NULL,
  part          INT          NOT NULL,
  -- Of the whole file, as it lies on the disk.
  sha256        BINARY(32)   NOT NULL,
  transactions  INT          NOT NULL,
  first_day     DATE         NOT NULL,
  last_day      DATE         NOT NULL,
  written_by    VARCHAR(40)  NOT NULL,
  written_at    DATETIME(3)  NOT NULL,
  -- Transactions of it that are in the database no more; those of a card that moved since stay.
  removed       INT          NOT NULL DEFAULT 0,
  removed_at    DATETIME(3)  NULL,
  CONSTRAINT archives_part UNIQUE (month, part),
  CONSTRAINT archives_removed CHECK (removed >= 0 AND removed <= transactions)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Which file has the history of a card up to then, and the latest sale in it; NULL: it was never sold.
CREATE TABLE archived_cards (
  card_id     BIGINT      NOT NULL,
  archive_id  BIGINT      NOT NULL,
  sale_id     BIGINT      NULL,
  seq         INT         NULL,
  sold_in     VARCHAR(15) NULL,
  sold_on     DATE        NULL,
  PRIMARY KEY (card_id, archive_id),
  KEY archived_cards_archive (archive_id, card_id),
  CONSTRAINT archived_cards_of FOREIGN KEY (archive_id) REFERENCES archives (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What each account gained and lost on a day by archived transfers; 0 where it was as much of both.
CREATE TABLE archived_moves (
  account  BIGINT NOT NULL,
  day      DATE   NOT NULL,
  amount   BIGINT NOT NULL,
  PRIMARY KEY (account, day),
  KEY archived_moves_day (day, account)
) ENGINE=InnoDB;

-- What was on a card and could not be spent at the end of the days from booked_on to the day before ended_on.
CREATE TABLE archived_waits (
  account    BIGINT NOT NULL,
  booked_on  DATE   NOT NULL,
  ended_on   DATE   NOT NULL,
  amount     BIGINT NOT NULL,
  PRIMARY KEY (account, booked_on, ended_on)
) ENGINE=InnoDB;

-- The part of the sums of report_activity, report_balances, report_declines and report_days that archived transactions are.
CREATE TABLE archived_activity (
  day            DATE        NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  issue_id       INT         NOT NULL,
  operation      VARCHAR(20) NOT NULL,
  channel        VARCHAR(10) NOT NULL,
  currency       SMALLINT    NOT NULL,
  original_day   DATE        NOT NULL,
  count          INT         NOT NULL,
  amount         BIGINT      NOT NULL,
  undone_count   INT         NOT NULL,
  undone_amount  BIGINT      NOT NULL,
  PRIMARY KEY (day, store_code, issue_id, operation, channel, currency, original_day)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE archived_balances (
  day         DATE        NOT NULL,
  issue_id    INT         NOT NULL,
  sold_in     VARCHAR(15) NOT NULL,
  operation   VARCHAR(20) NOT NULL,
  gross       BIGINT      NOT NULL,
  undone      BIGINT      NOT NULL,
  PRIMARY KEY (day, issue_id, sold_in, operation)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE archived_declines (
  day            DATE        NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  terminal_code  VARCHAR(8)  NOT NULL,
  reason         VARCHAR(30) NOT NULL,
  count          INT         NOT NULL,
  PRIMARY KEY (day, store_code, terminal_code, reason)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE archived_days (
  day        DATE   NOT NULL PRIMARY KEY,
  transfers  INT    NOT NULL,
  amount     BIGINT NOT NULL
) ENGINE=InnoDB;

-- From where to where archived money went: the cells of the settlement's matrix by day.
CREATE TABLE archived_spent (
  day           DATE        NOT NULL,
  original_day  DATE        NOT NULL,
  issue_id      INT         NOT NULL,
  currency      SMALLINT    NOT NULL,
  origin        VARCHAR(15) NOT NULL,
  spent_in      VARCHAR(15) NOT NULL,
  amount        BIGINT      NOT NULL,
  PRIMARY KEY (day, original_day, issue_id, currency, origin, spent_in)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What archived cards gained and lost, by the month of their sale and the months since: for the report of breakage.
CREATE TABLE archived_cohorts (
  day        DATE        NOT NULL,
  issue_id   INT         NOT NULL,
  sold_in    VARCHAR(15) NOT NULL,
  cohort     CHAR(7)     NOT NULL,
  months     INT         NOT NULL,
  operation  VARCHAR(20) NOT NULL,
  amount     BIGINT      NOT NULL,
  PRIMARY KEY (day, issue_id, sold_in, cohort, months, operation)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Loads of batches whose transactions are archived: a batch is whole with them.
CREATE TABLE archived_loads (
  batch_id        BIGINT NOT NULL,
  line            INT    NOT NULL,
  transaction_id  BIGINT NOT NULL,
  PRIMARY KEY (batch_id, line)
) ENGINE=InnoDB;
