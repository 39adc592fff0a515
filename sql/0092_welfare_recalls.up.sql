-- Taking back what is unspent of welfare loads: asked for by one person, approved by another.
CREATE TABLE welfare_recalls (
  id             INT          NOT NULL PRIMARY KEY,
  employer_code  VARCHAR(15)  NOT NULL,
  currency       SMALLINT     NOT NULL,
  -- Of this batch alone; NULL: of all of the employer's.
  batch_id       INT          NULL,
  state          VARCHAR(10)  NOT NULL,
  reason         VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  proposed_by    VARCHAR(40)  NOT NULL,
  proposed_at    DATETIME(3)  NOT NULL,
  decided_by     VARCHAR(40)  NULL,
  decided_at     DATETIME(3)  NULL,
  booked_at      DATETIME(3)  NULL,
  KEY welfare_recalls_state (state),
  CONSTRAINT welfare_recalls_employer FOREIGN KEY (employer_code) REFERENCES employers (counterparty_code),
  CONSTRAINT welfare_recalls_batch FOREIGN KEY (batch_id) REFERENCES welfare_batches (id),
  CONSTRAINT welfare_recalls_states CHECK (state IN ('proposed', 'approved', 'booked', 'refused')),
  CONSTRAINT welfare_recalls_four_eyes CHECK (state NOT IN ('approved', 'booked') OR decided_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The cards of a recall: what was unspent when it was asked for, and what was taken; NULL: not taken yet.
CREATE TABLE welfare_recall_rows (
  recall_id    INT    NOT NULL,
  card_id      BIGINT NOT NULL,
  employee_id  BIGINT NOT NULL,
  unspent      BIGINT NOT NULL,
  taken        BIGINT NULL,
  PRIMARY KEY (recall_id, card_id),
  CONSTRAINT welfare_recall_rows_of FOREIGN KEY (recall_id) REFERENCES welfare_recalls (id),
  CONSTRAINT welfare_recall_rows_amounts CHECK (unspent >= 0 AND (taken IS NULL OR taken >= 0))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
