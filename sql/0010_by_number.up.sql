-- What somebody may do who only knows a number. Which store's terminal set a block, so that no other one undoes it. Columns
-- at the end with a constant default are added without touching a row.
ALTER TABLE cards ADD COLUMN block_store VARCHAR(15) NULL;

-- Blocks that a terminal set before this was kept: the newest block in the card's history, where no person gave a reason.
UPDATE cards SET block_store = (
  SELECT t.store_code FROM card_events e JOIN terminals t ON t.code = e.who
  WHERE e.id = (SELECT MAX(id) FROM card_events WHERE card_id = cards.id AND event IN ('block', 'unblock')) AND e.reason IS NULL)
WHERE block IN ('customer', 'suspicion');

-- What a terminal did on the latest business day on which it did it, of what is bounded by the day over all cards: blocks by
-- number, refunds without a receipt. issue_id: whose limit it is; 0: of none in particular.
CREATE TABLE terminal_day_counts (
  terminal_code  VARCHAR(8)  NOT NULL,
  what           VARCHAR(10) NOT NULL,
  issue_id       INT         NOT NULL,
  day            DATE        NOT NULL,
  number         INT         NOT NULL,
  amount         BIGINT      NOT NULL,
  PRIMARY KEY (terminal_code, what, issue_id),
  CONSTRAINT terminal_day_counts_what CHECK (what IN ('block', 'refund')),
  CONSTRAINT terminal_day_counts_counts CHECK (number >= 0 AND amount >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- When a source last asked about a card that was never sold: an hour of quiet and what was counted is forgotten.
ALTER TABLE card_lookups ADD COLUMN counted_at DATETIME(3) NULL;
