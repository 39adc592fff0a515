-- What reports are made of: sums of transfers by business day, folded from `unfolded` and provable from the transactions
-- (`akart report verify`). A figure is these sums and what is unfolded, in one snapshot.

-- Transfers by the store whose account moved. original_day: the booking day of what an undoing undoes, else the day itself.
-- issue_id 0: a card of another host. count and amount: booked, late bookings too; undone_*: what took them back.
CREATE TABLE report_activity (
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

-- What cards gained (plus) and lost (minus), by where they were sold: gross, and what was taken back of it.
CREATE TABLE report_balances (
  day         DATE        NOT NULL,
  issue_id    INT         NOT NULL,
  sold_in     VARCHAR(15) NOT NULL,
  operation   VARCHAR(20) NOT NULL,
  gross       BIGINT      NOT NULL,
  undone      BIGINT      NOT NULL,
  PRIMARY KEY (day, issue_id, sold_in, operation)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE report_declines (
  day            DATE        NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  terminal_code  VARCHAR(8)  NOT NULL,
  reason         VARCHAR(30) NOT NULL,
  count          INT         NOT NULL,
  PRIMARY KEY (day, store_code, terminal_code, reason)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- All transfers of a day: what a report is exact as of.
CREATE TABLE report_days (
  day        DATE   NOT NULL PRIMARY KEY,
  transfers  INT    NOT NULL,
  amount     BIGINT NOT NULL
) ENGINE=InnoDB;

-- The latest sale of a card: where, on which business day, and in which place of the card's history. A duplicate keeps it.
CREATE TABLE report_sales (
  card_id         BIGINT      NOT NULL PRIMARY KEY,
  transaction_id  BIGINT      NOT NULL,
  seq             INT         NOT NULL,
  sold_in         VARCHAR(15) NOT NULL,
  sold_on         DATE        NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Transactions from before: those of these ids that are not in `unfolded` are added lot by lot, beside running traffic.
INSERT INTO backfills (name, next_id, until_id) SELECT
  'reports', 0, IF(EXISTS (SELECT 1 FROM transactions), next_id, 0) FROM id_blocks WHERE name = 'row';

-- Transactions of a day: for what reports ask beyond their sums, and for the way from a figure to its transactions.
ALTER TABLE search_transactions ADD KEY search_transactions_day (business_date, id), ALGORITHM=INPLACE, LOCK=NONE;
