-- Additive: the version before writes nothing here and reads nothing of it. What it changes meanwhile is found when a process of
-- this version starts, which counts all cards anew.
-- Cards by issue, state and block. block: '' where there is none. ledger: what they hold; 0 of those that are sold and not
-- blocked, whose money is the rest of what all cards of the issue hold, so that a payment changes nothing here.
CREATE TABLE report_card_states (
  issue_id  INT         NOT NULL,
  state     VARCHAR(10) NOT NULL,
  block     VARCHAR(10) NOT NULL,
  cards     BIGINT      NOT NULL,
  ledger    BIGINT      NOT NULL,
  PRIMARY KEY (issue_id, state, block)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What is to be added to it: written in the transaction that changes the cards, so that both together are exact at any time.
CREATE TABLE report_card_moves (
  id        BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  issue_id  INT         NOT NULL,
  state     VARCHAR(10) NOT NULL,
  block     VARCHAR(10) NOT NULL,
  cards     INT         NOT NULL,
  ledger    BIGINT      NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- When all cards were counted last; NULL: the counts are not to be used. One row.
CREATE TABLE report_card_counts (
  id          TINYINT     NOT NULL PRIMARY KEY,
  counted_at  DATETIME(3) NULL,
  CONSTRAINT report_card_counts_one_row CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
INSERT INTO report_card_counts (id, counted_at) VALUES (1, NULL);
