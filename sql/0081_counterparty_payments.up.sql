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

-- Figures of reports that are nobody's transfers: factors of breakage, rates, thresholds, codes of the general ledger.
CREATE TABLE report_inputs (
  name   VARCHAR(60)  NOT NULL PRIMARY KEY,
  value  VARCHAR(60)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  who    VARCHAR(40)  NOT NULL,
  at     DATETIME(3)  NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
