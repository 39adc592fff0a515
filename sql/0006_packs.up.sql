-- Packs and who gets them, what is known of a card beside its money, and what a second person has to approve.

-- Companies that buy cards, and employers. Their accounts are in `accounts` (counterparty_receivable).
CREATE TABLE counterparties (
  code   VARCHAR(15)  NOT NULL PRIMARY KEY,
  name   VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  state  VARCHAR(10)  NOT NULL,
  CONSTRAINT counterparties_state CHECK (state IN ('open', 'closed'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Packs have a series of ids of their own, short enough to be written on a box.
INSERT INTO id_blocks (name, next_id) VALUES ('pack', 1);

-- A part of an issue in one recipient's hands. Its state is read together with its cards (cards.pack_id), so that a step
-- of 100,000 cards is the change of one row.
CREATE TABLE packs (
  id                INT         NOT NULL PRIMARY KEY,
  issue_id          INT         NOT NULL,
  store_code        VARCHAR(15) NULL,
  counterparty_code VARCHAR(15) NULL,
  state             VARCHAR(12) NOT NULL,
  cards             INT         NOT NULL,
  made_by           VARCHAR(40) NOT NULL,
  activated_by      VARCHAR(40) NULL,
  authorised_by     VARCHAR(40) NULL,
  -- What each card is loaded with when the pack is sold to its counterparty, who asked for it and who approved it.
  sale_amount       BIGINT      NULL,
  sale_asked_by     VARCHAR(40) NULL,
  sale_approved_by  VARCHAR(40) NULL,
  KEY packs_issue (issue_id, id),
  KEY packs_state (state),
  CONSTRAINT packs_of FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT packs_store FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT packs_counterparty FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT packs_recipient CHECK ((store_code IS NULL) <> (counterparty_code IS NULL)),
  CONSTRAINT packs_state_known CHECK (
    state IN ('made', 'dispatched', 'received', 'active', 'selling', 'sold', 'returned', 'killed')),
  CONSTRAINT packs_cards CHECK (cards BETWEEN 1 AND 100000),
  CONSTRAINT packs_activated CHECK (activated_by IS NOT NULL OR state NOT IN ('active', 'selling', 'sold')),
  CONSTRAINT packs_four_eyes CHECK (authorised_by IS NULL OR authorised_by <> activated_by),
  CONSTRAINT packs_sale CHECK (
    (sale_amount IS NULL) = (sale_asked_by IS NULL) AND (sale_amount IS NULL OR sale_amount > 0)
    AND (sale_approved_by IS NULL OR sale_approved_by <> sale_asked_by)
    AND (sale_approved_by IS NOT NULL OR state NOT IN ('selling', 'sold')))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What happened to a pack, and who did it.
CREATE TABLE pack_events (
  id       BIGINT        NOT NULL PRIMARY KEY,
  pack_id  INT           NOT NULL,
  event    VARCHAR(20)   NOT NULL,
  who      VARCHAR(40)   NOT NULL,
  at       DATETIME(3)   NOT NULL,
  reason   VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  detail   VARCHAR(1000) NULL,
  KEY pack_events_pack (pack_id, id),
  CONSTRAINT pack_events_of FOREIGN KEY (pack_id) REFERENCES packs (id),
  CONSTRAINT pack_events_event CHECK (event IN ('made', 'dispatched', 'received', 'activated', 'authorised', 'sale_asked',
    'sale_approved', 'sold', 'returned', 'killed'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The pack it lies in or was sold from; sold with its whole pack and not used since; asked about before it was sold; sold
-- once, be it that the sale was undone.
ALTER TABLE cards
  ADD COLUMN pack_id      INT         NULL,
  ADD COLUMN bound        BOOLEAN     NOT NULL DEFAULT FALSE,
  ADD COLUMN suspected_at DATETIME(3) NULL,
  ADD COLUMN was_sold     BOOLEAN     NOT NULL DEFAULT FALSE,
  ADD KEY cards_pack (pack_id),
  -- Which sold cards are past their last day: the nightly expiry.
  ADD KEY cards_overdue (state, valid_until),
  ADD CONSTRAINT cards_in_pack FOREIGN KEY (pack_id) REFERENCES packs (id),
  ADD CONSTRAINT cards_bound CHECK (bound = 0 OR pack_id IS NOT NULL);

UPDATE cards SET was_sold = TRUE WHERE state NOT IN ('inactive', 'sellable');

-- What happened to a card beside its money, and who did it: blocks with their reasons, terminals' too. The id is that of
-- the request.
CREATE TABLE card_events (
  id       BIGINT      NOT NULL PRIMARY KEY,
  card_id  BIGINT      NOT NULL,
  event    VARCHAR(20) NOT NULL,
  who      VARCHAR(45) NOT NULL,
  at       DATETIME(3) NOT NULL,
  reason   VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  detail   VARCHAR(20) NULL,
  KEY card_events_card (card_id, id),
  CONSTRAINT card_events_event CHECK (event IN ('block', 'unblock', 'suspected', 'clear', 'duplicate', 'new_version',
    'extension', 'adjustment_credit', 'adjustment_debit'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- How often a source (a terminal, an address) asked about cards that were never sold.
CREATE TABLE card_lookups (
  source        VARCHAR(45) NOT NULL PRIMARY KEY,
  asked         TINYINT     NOT NULL,
  locks         SMALLINT    NOT NULL,
  locked_until  DATETIME(3) NULL,
  CONSTRAINT card_lookups_counts CHECK (asked >= 0 AND locks >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Corrections of a card's balance: one person asks, another one decides. amount: minor units, below zero takes.
CREATE TABLE adjustments (
  id          BIGINT      NOT NULL PRIMARY KEY,
  card_id     BIGINT      NOT NULL,
  amount      BIGINT      NOT NULL,
  reason      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  asked_by    VARCHAR(40) NOT NULL,
  asked_at    DATETIME(3) NOT NULL,
  decided_by  VARCHAR(40) NULL,
  decided_at  DATETIME(3) NULL,
  approved    BOOLEAN     NULL,
  KEY adjustments_open (decided_at, id),
  CONSTRAINT adjustments_card FOREIGN KEY (card_id) REFERENCES cards (id),
  CONSTRAINT adjustments_amount CHECK (amount <> 0),
  CONSTRAINT adjustments_decided CHECK (
    (decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (approved IS NULL)),
  CONSTRAINT adjustments_four_eyes CHECK (approved IS NULL OR approved = 0 OR decided_by <> asked_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- An issue without packs is authorised for sale as a whole.
ALTER TABLE issues
  ADD COLUMN sale_authorised_by VARCHAR(40) NULL,
  ADD COLUMN sale_authorised_at DATETIME(3) NULL,
  ADD CONSTRAINT issues_sale_authorised CHECK ((sale_authorised_by IS NULL) = (sale_authorised_at IS NULL));

INSERT INTO job_slices (job, slice) VALUES ('expiry', 0), ('pack_sale', 0);
