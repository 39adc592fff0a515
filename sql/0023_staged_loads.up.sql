-- Loads of thousands of cards, all or none of them (docs/decisions/0101-staged-loads.md). Each is staged under its card's
-- lock, which changes nothing that anybody sees; then one UPDATE of the batch books them all; and from then on whoever
-- locks the card applies its load first.
CREATE TABLE staged_batches (
  id             BIGINT      NOT NULL PRIMARY KEY,
  -- What is booked, and the account that is debited.
  operation      VARCHAR(20) NOT NULL,
  account        BIGINT      NOT NULL,
  state          VARCHAR(10) NOT NULL,
  -- Loads that belong to it.
  loads          INT         NOT NULL,
  -- When it was booked, on which business day, by whom through which door.
  booked_at      DATETIME(3) NULL,
  business_date  DATE        NULL,
  channel        ENUM('terminal', 'kiosk', 'web', 'menu', 'cli', 'job') NULL,
  who            VARCHAR(40) NULL,
  KEY staged_batches_state (state),
  CONSTRAINT staged_batches_account FOREIGN KEY (account) REFERENCES accounts (id),
  CONSTRAINT staged_batches_states CHECK (state IN ('staging', 'booked', 'dropped')),
  CONSTRAINT staged_batches_booked CHECK ((state = 'booked') = (booked_at IS NOT NULL)
    AND (booked_at IS NULL) = (business_date IS NULL) AND (booked_at IS NULL) = (channel IS NULL)),
  CONSTRAINT staged_batches_loads CHECK (loads > 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Loads that are staged, or booked and not applied yet; an applied one is a transaction like any other and no longer here.
-- The id is that of its transaction to be, spare_id of the one that follows a duplicate.
CREATE TABLE staged_loads (
  id        BIGINT NOT NULL PRIMARY KEY,
  spare_id  BIGINT NOT NULL,
  batch_id  BIGINT NOT NULL,
  line      INT    NOT NULL,
  card_id   BIGINT NOT NULL,
  amount    BIGINT NOT NULL,
  KEY staged_loads_card (card_id),
  CONSTRAINT staged_loads_once UNIQUE (batch_id, line),
  CONSTRAINT staged_loads_of FOREIGN KEY (batch_id) REFERENCES staged_batches (id),
  CONSTRAINT staged_loads_amount CHECK (amount > 0)
) ENGINE=InnoDB;

-- The sum of a card's staged loads: the flag, and what its maximum balance has to leave room for.
ALTER TABLE cards ADD COLUMN staged BIGINT NOT NULL DEFAULT 0;

INSERT INTO job_slices (job, slice) VALUES ('staged_loads', 0);
