-- Payments of counterparties as one person entered them, by hand or out of a bank's file, with the proposal that a second
-- person decides. What is approved is copied to counterparty_payments; a correction is a payment that takes another one back.
CREATE TABLE payment_entries (
  proposal_id        BIGINT       NOT NULL,
  -- Of the file; 1 where it was entered by hand.
  line_number        INT          NOT NULL,
  counterparty_code  VARCHAR(15)  NOT NULL,
  currency           SMALLINT     NOT NULL,
  amount             BIGINT       NOT NULL,
  paid_on            DATE         NOT NULL,
  reference          VARCHAR(35)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- The same, but NULL once it was refused: a reference comes once in an installation, what waits included.
  held_reference     VARCHAR(35)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  note               VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  -- The payment that it takes back.
  corrects           BIGINT       NULL,
  PRIMARY KEY (proposal_id, line_number),
  CONSTRAINT payment_entries_reference UNIQUE (held_reference),
  CONSTRAINT payment_entries_of FOREIGN KEY (proposal_id) REFERENCES proposals (id),
  CONSTRAINT payment_entries_counterparty FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT payment_entries_amount CHECK (amount <> 0),
  CONSTRAINT payment_entries_held CHECK (held_reference IS NULL OR held_reference = reference)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

ALTER TABLE counterparty_payments
  ADD COLUMN note     VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT '',
  ADD COLUMN corrects BIGINT NULL;

-- How much a counterparty may owe. The latest row of a counterparty and currency holds; amount NULL: no limit any more.
CREATE TABLE credit_limits (
  id                 BIGINT      NOT NULL PRIMARY KEY,
  counterparty_code  VARCHAR(15) NOT NULL,
  currency           SMALLINT    NOT NULL,
  amount             BIGINT      NULL,
  asked_by           VARCHAR(40) NOT NULL,
  approved_by        VARCHAR(40) NOT NULL,
  at                 DATETIME(3) NOT NULL,
  KEY credit_limits_of (counterparty_code, currency, id),
  CONSTRAINT credit_limits_counterparty FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT credit_limits_amount CHECK (amount IS NULL OR amount >= 0),
  CONSTRAINT credit_limits_four_eyes CHECK (approved_by <> asked_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
