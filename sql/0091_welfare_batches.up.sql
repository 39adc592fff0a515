-- Batches of welfare loads: an employer's list, checked, proposed, approved and booked, all of it or nothing.

-- A series of ids of their own, short enough to be typed.
INSERT INTO id_blocks (name, next_id) VALUES ('welfare', 1);

CREATE TABLE welfare_batches (
  id             INT          NOT NULL PRIMARY KEY,
  employer_code  VARCHAR(15)  NOT NULL,
  currency       SMALLINT     NOT NULL,
  state          VARCHAR(10)  NOT NULL,
  file_name      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  -- JSON: how the file was read (separator, encoding, decimal sign).
  read_as        VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- Of what the rows say. The same list is taken once, unless it was refused, withdrawn, or has failed.
  sha256         BINARY(32)   NOT NULL,
  live_sha256    BINARY(32)   AS (IF(state IN ('checked', 'proposed', 'approved', 'booked'), sha256, NULL)) STORED,
  row_count      INT          NOT NULL,
  amount         BIGINT       NOT NULL,
  stops          INT          NOT NULL,
  -- Codes of the warnings that its proposer accepted, by name.
  accepted       VARCHAR(500) NOT NULL DEFAULT '',
  prepared_by    VARCHAR(40)  NOT NULL,
  prepared_at    DATETIME(3)  NOT NULL,
  proposed_by    VARCHAR(40)  NULL,
  proposed_at    DATETIME(3)  NULL,
  reason         VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  decided_by     VARCHAR(40)  NULL,
  decided_at     DATETIME(3)  NULL,
  decision       VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  -- The batch as the engine knows it, once it is being staged.
  staged_id      BIGINT       NULL,
  booked_at      DATETIME(3)  NULL,
  CONSTRAINT welfare_batches_once UNIQUE (employer_code, live_sha256),
  CONSTRAINT welfare_batches_staged UNIQUE (staged_id),
  KEY welfare_batches_state (state),
  CONSTRAINT welfare_batches_employer FOREIGN KEY (employer_code) REFERENCES employers (counterparty_code),
  CONSTRAINT welfare_batches_of FOREIGN KEY (staged_id) REFERENCES staged_batches (id),
  CONSTRAINT welfare_batches_states CHECK (
    state IN ('reading', 'checked', 'proposed', 'approved', 'booked', 'refused', 'withdrawn', 'failed')),
  CONSTRAINT welfare_batches_four_eyes CHECK (
    state NOT IN ('approved', 'booked') OR (decided_by <> proposed_by AND decided_by <> prepared_by)),
  CONSTRAINT welfare_batches_booked CHECK ((state = 'booked') = (booked_at IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- A row of the list. The card is the one that the employee had when the row was checked: from the proposal on it stays,
-- whatever becomes of the link. Whole numbers are never kept.
CREATE TABLE welfare_rows (
  batch_id      INT          NOT NULL,
  line          INT          NOT NULL,
  number        VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name          VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  card_shown    VARCHAR(25)  NOT NULL,
  amount_shown  VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  fund          VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  used_shown    VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  note          VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  sell          BOOLEAN      NOT NULL,
  employee_id   BIGINT       NULL,
  card_id       BIGINT       NULL,
  amount        BIGINT       NULL,
  already_used  BIGINT       NOT NULL,
  PRIMARY KEY (batch_id, line),
  KEY welfare_rows_employee (employee_id, batch_id),
  CONSTRAINT welfare_rows_of FOREIGN KEY (batch_id) REFERENCES welfare_batches (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What is wrong or odd about a row; line 0 is the whole list.
CREATE TABLE welfare_findings (
  batch_id  INT          NOT NULL,
  line      INT          NOT NULL,
  place     INT          NOT NULL,
  field     VARCHAR(20)  NOT NULL,
  code      VARCHAR(40)  NOT NULL,
  value     VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  -- JSON: figures and names that its text mentions.
  details   VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (batch_id, line, place),
  CONSTRAINT welfare_findings_of FOREIGN KEY (batch_id) REFERENCES welfare_batches (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

INSERT INTO job_slices (job, slice) VALUES ('welfare', 0);
