-- What counterparties have paid: entered by one person, approved by another; a bank's reference comes once.
CREATE TABLE counterparty_payments (
  id                 BIGINT       NOT NULL PRIMARY KEY,
  counterparty_code  VARCHAR(15)  NOT NULL,
  currency           SMALLINT     NOT NULL,
  -- Minor units; below zero: paid back to it.
  amount             BIGINT       NOT NULL,
  paid_on            DATE         NOT NULL,
  reference          VARCHAR(35)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  entered_by         VARCHAR(40)  NOT NULL,
  approved_by        VARCHAR(40)  NOT NULL,
  at                 DATETIME(3)  NOT NULL,
  CONSTRAINT counterparty_payments_reference UNIQUE (reference),
  KEY counterparty_payments_of (counterparty_code, paid_on),
  CONSTRAINT counterparty_payments_counterparty FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT counterparty_payments_amount CHECK (amount <> 0),
  CONSTRAINT counterparty_payments_four_eyes CHECK (approved_by <> entered_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- How much a counterparty may owe in a currency; the latest row counts. NULL: no limit.
CREATE TABLE credit_limits (
  id                 BIGINT      NOT NULL PRIMARY KEY,
  counterparty_code  VARCHAR(15) NOT NULL,
  currency           SMALLINT    NOT NULL,
  most               BIGINT      NULL,
  asked_by           VARCHAR(40) NOT NULL,
  approved_by        VARCHAR(40) NOT NULL,
  at                 DATETIME(3) NOT NULL,
  KEY credit_limits_of (counterparty_code, currency, id),
  CONSTRAINT credit_limits_counterparty FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT credit_limits_four_eyes CHECK (approved_by <> asked_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Figures of reports that are nobody's transfers: factors of breakage, rates, thresholds, codes of the general ledger.
CREATE TABLE report_inputs (
  name   VARCHAR(60)  NOT NULL PRIMARY KEY,
  value  VARCHAR(60)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  who    VARCHAR(40)  NOT NULL,
  at     DATETIME(3)  NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Settlements that are closed: what they said is kept word for word. Later corrections stand in a later one.
CREATE TABLE settlements (
  id           BIGINT       NOT NULL PRIMARY KEY,
  number       VARCHAR(20)  NOT NULL,
  from_day     DATE         NOT NULL,
  to_day       DATE         NOT NULL,
  -- Codes by commas.
  stores       TEXT         NOT NULL,
  proposed_by  VARCHAR(40)  NOT NULL,
  closed_by    VARCHAR(40)  NOT NULL,
  closed_at    DATETIME(3)  NOT NULL,
  -- JSON: the report as it was, with corrections of earlier ones.
  content      LONGTEXT     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  CONSTRAINT settlements_number UNIQUE (number),
  CONSTRAINT settlements_period CHECK (from_day <= to_day),
  CONSTRAINT settlements_four_eyes CHECK (closed_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
