-- Settlements of stores that two people have closed: figures as they were, never changed afterwards. What changes about their
-- days later comes into the next settlement of the store, in lines that name the closed one.
CREATE TABLE settlements (
  id           BIGINT       NOT NULL PRIMARY KEY,
  -- Once it is closed; without gaps.
  number       INT          NULL,
  state        VARCHAR(10)  NOT NULL,
  from_day     DATE         NOT NULL,
  to_day       DATE         NOT NULL,
  definition   INT          NOT NULL,
  exact_at     DATETIME(3)  NOT NULL,
  exact_rows   BIGINT       NOT NULL,
  exact_sum    BIGINT       NOT NULL,
  -- Of its stores, lines and matrix.
  digest       CHAR(64)     NOT NULL,
  proposed_by  VARCHAR(40)  NOT NULL,
  proposed_at  DATETIME(3)  NOT NULL,
  closed_by    VARCHAR(40)  NULL,
  closed_at    DATETIME(3)  NULL,
  CONSTRAINT settlements_number UNIQUE (number),
  KEY settlements_days (to_day, id),
  CONSTRAINT settlements_states CHECK (state IN ('proposed', 'closed', 'refused')),
  CONSTRAINT settlements_closed CHECK ((state = 'closed') = (number IS NOT NULL) AND (number IS NULL) = (closed_at IS NULL)),
  CONSTRAINT settlements_days CHECK (from_day <= to_day),
  CONSTRAINT settlements_four_eyes CHECK (closed_by IS NULL OR closed_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE settlement_stores (
  settlement_id  BIGINT      NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  PRIMARY KEY (settlement_id, store_code),
  KEY settlement_stores_of (store_code, settlement_id),
  CONSTRAINT settlement_stores_settlement FOREIGN KEY (settlement_id) REFERENCES settlements (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- kind own: of its own days. undone: booked on them, undoes what another settlement has closed. late: booked on days of
-- another settlement after that was proposed. of_settlement: that other one; 0 for own.
CREATE TABLE settlement_lines (
  settlement_id  BIGINT      NOT NULL,
  kind           VARCHAR(10) NOT NULL,
  of_settlement  BIGINT      NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  currency       SMALLINT    NOT NULL,
  receivable     BIGINT      NOT NULL,
  payable        BIGINT      NOT NULL,
  PRIMARY KEY (settlement_id, kind, of_settlement, store_code, currency),
  CONSTRAINT settlement_lines_kinds CHECK (kind IN ('own', 'undone', 'late')),
  CONSTRAINT settlement_lines_of CHECK ((kind = 'own') = (of_settlement = 0)),
  CONSTRAINT settlement_lines_settlement FOREIGN KEY (settlement_id) REFERENCES settlements (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Where the money came from that was spent in its stores.
CREATE TABLE settlement_matrix (
  settlement_id  BIGINT      NOT NULL,
  kind           VARCHAR(10) NOT NULL,
  of_settlement  BIGINT      NOT NULL,
  origin         VARCHAR(15) NOT NULL,
  spent_in       VARCHAR(15) NOT NULL,
  currency       SMALLINT    NOT NULL,
  amount         BIGINT      NOT NULL,
  PRIMARY KEY (settlement_id, kind, of_settlement, origin, spent_in, currency),
  CONSTRAINT settlement_matrix_kinds CHECK (kind IN ('own', 'undone', 'late')),
  CONSTRAINT settlement_matrix_settlement FOREIGN KEY (settlement_id) REFERENCES settlements (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- How many transfers the days of a settlement had when this one was made: where none came since, nothing is late.
CREATE TABLE settlement_seen (
  settlement_id  BIGINT NOT NULL,
  of_settlement  BIGINT NOT NULL,
  transfers      BIGINT NOT NULL,
  PRIMARY KEY (settlement_id, of_settlement),
  CONSTRAINT settlement_seen_settlement FOREIGN KEY (settlement_id) REFERENCES settlements (id)
) ENGINE=InnoDB;

-- The last number; whoever proposes or closes one waits here for the other.
CREATE TABLE settlement_numbers (
  id    TINYINT NOT NULL PRIMARY KEY,
  last  INT     NOT NULL,
  CONSTRAINT settlement_numbers_one CHECK (id = 1)
) ENGINE=InnoDB;
INSERT INTO settlement_numbers (id, last) VALUES (1, 0);
