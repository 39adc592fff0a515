-- The whole digest of an Idempotency-Key, of which stan and transmitted hold bits: compared wherever the key is.
ALTER TABLE transactions ADD COLUMN key_digest BINARY(32) NULL;

-- What nobody has looked at yet: each batch of the engine inserts one row. Consumers (search rows, daily sums, events) take
-- rows, bring their own tables up to date and delete the rows in one transaction; a figure is its sums and what is unfolded.
CREATE TABLE unfolded (
  id       BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- Ids of transactions, rising, each but the first as the difference to the one before. `settled`: what they move is known,
  -- which is said once of each; `touched`: recorded without an answer yet, or with another fate than before.
  settled  TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  touched  TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB;

-- Who folds: one process at a time, for as long as its transaction holds the row.
INSERT INTO job_slices (job, slice) VALUES ('folding', 0);

-- What a web shop's request was beside its transaction: needed to repeat its answer. JSON without secrets and whole numbers.
CREATE TABLE web_requests (
  transaction_id  BIGINT        NOT NULL PRIMARY KEY,
  data            VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE=InnoDB;
