-- Issues from plan to shop: the rest of their settings and their life, where their numbers come from, jobs, exports.
-- The issues that are there already are in use: they become activated ones, with the medium and the numbers they have.

ALTER TABLE issues
  ADD COLUMN state                 VARCHAR(10) NOT NULL DEFAULT 'activated',
  -- How many cards it has or, in draft, shall have: serials 1 to N.
  ADD COLUMN card_count            INT         NOT NULL DEFAULT 1,
  ADD COLUMN medium                VARCHAR(20) NOT NULL DEFAULT 'stripe_barcode',
  ADD COLUMN number_body           VARCHAR(10) NOT NULL DEFAULT 'sequential',
  ADD COLUMN barcode               VARCHAR(10) NOT NULL DEFAULT 'code128',
  -- EAN-13 only: what its 12 digits begin with, and which of that prefix's numbers the first card has.
  ADD COLUMN ean_prefix            VARCHAR(7)  NULL,
  ADD COLUMN first_ean             BIGINT      NULL,
  -- Are its cards activated pack by pack, or all at once with the issue?
  ADD COLUMN packs                 BOOLEAN     NOT NULL DEFAULT TRUE,
  ADD COLUMN ecodes                BOOLEAN     NOT NULL DEFAULT TRUE,
  -- What the eCodes are made from together with the card key, from generation until the export that showed them; then
  -- gone, and with it every way to show them again.
  ADD COLUMN ecode_seed            BINARY(32)  NULL,
  -- May activated cards be sold only after a second person has authorised them?
  ADD COLUMN sale_authorisation    BOOLEAN     NOT NULL DEFAULT FALSE,
  -- The last day of all its cards; validity_months is the other kind. Neither: no end.
  ADD COLUMN valid_until           DATE        NULL,
  -- Hours after its sale before a card can pay in e-commerce.
  ADD COLUMN ecommerce_after_hours INT         NOT NULL DEFAULT 0,
  ADD CONSTRAINT issues_state CHECK (state IN ('draft', 'generated', 'exported', 'activated', 'closed')),
  ADD CONSTRAINT issues_card_count CHECK (card_count BETWEEN 1 AND 10000000),
  ADD CONSTRAINT issues_medium CHECK (medium IN ('stripe', 'barcode', 'stripe_barcode', 'virtual')),
  ADD CONSTRAINT issues_number_body CHECK (number_body IN ('sequential', 'scrambled')),
  ADD CONSTRAINT issues_barcode CHECK (
    barcode IN ('code128', 'ean13', 'qr') AND (barcode = 'ean13') = (ean_prefix IS NOT NULL)),
  ADD CONSTRAINT issues_first_ean CHECK (first_ean IS NULL OR (first_ean >= 0 AND ean_prefix IS NOT NULL)),
  ADD CONSTRAINT issues_ecode_seed CHECK (ecode_seed IS NULL OR ecodes = 1),
  ADD CONSTRAINT issues_validity CHECK (
    (valid_until IS NULL OR validity_months IS NULL) AND (validity_months IS NULL OR validity_months > 0)),
  ADD CONSTRAINT issues_ecommerce CHECK (ecommerce_after_hours >= 0);

UPDATE issues SET card_count = (SELECT GREATEST(COUNT(*), 1) FROM cards WHERE cards.issue_id = issues.id);

-- From here on every issue says all of it.
ALTER TABLE issues
  ALTER COLUMN state DROP DEFAULT,
  ALTER COLUMN card_count DROP DEFAULT,
  ALTER COLUMN medium DROP DEFAULT,
  ALTER COLUMN number_body DROP DEFAULT,
  ALTER COLUMN barcode DROP DEFAULT,
  ALTER COLUMN packs DROP DEFAULT,
  ALTER COLUMN ecodes DROP DEFAULT,
  ALTER COLUMN sale_authorisation DROP DEFAULT,
  ALTER COLUMN ecommerce_after_hours DROP DEFAULT;

-- A card with an EAN-13 is also found by its keyed hash; sold_at is the host's time of the sale that stands.
ALTER TABLE cards
  ADD COLUMN barcode_hash BINARY(16)  NULL,
  ADD COLUMN sold_at      DATETIME(3) NULL,
  ADD CONSTRAINT cards_barcode UNIQUE (barcode_hash);
UPDATE cards SET sold_at = (
  SELECT MAX(t.received_at) FROM transactions t
  WHERE t.card_id = cards.id AND t.sells = 1 AND t.state IN ('unconfirmed', 'confirmed'))
WHERE state NOT IN ('inactive', 'sellable');

-- The numbers of one length that begin with one prefix: those below next_body are used up, whatever became of them.
-- Length 13: EAN-13.
CREATE TABLE number_spaces (
  number_length  TINYINT    NOT NULL,
  prefix         VARCHAR(8) NOT NULL,
  next_body      BIGINT     NOT NULL,
  PRIMARY KEY (number_length, prefix),
  CONSTRAINT number_spaces_next CHECK (next_body >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
INSERT INTO number_spaces (number_length, prefix, next_body)
  SELECT i.number_length, i.prefix, MAX(c.serial) + 1
  FROM issues i JOIN cards c ON c.issue_id = i.id GROUP BY i.number_length, i.prefix;

-- What happened to an issue, and who did it.
CREATE TABLE issue_events (
  id        BIGINT      NOT NULL PRIMARY KEY,
  issue_id  INT         NOT NULL,
  event     VARCHAR(20) NOT NULL,
  who       VARCHAR(40) NOT NULL,
  at        DATETIME(3) NOT NULL,
  note      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  KEY issue_events_issue (issue_id, id),
  CONSTRAINT issue_events_of FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT issue_events_event CHECK (event IN ('created', 'changed', 'generated', 'exported', 'proofed', 'activated',
    'closed', 'limits_proposed', 'limits_approved', 'limits_refused'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- New money limits for an issue that has left draft: one person proposes, another one decides.
CREATE TABLE limit_proposals (
  id           BIGINT      NOT NULL PRIMARY KEY,
  issue_id     INT         NOT NULL,
  -- The same while it is open, NULL afterwards: an issue has one open proposal at a time.
  open_for     INT         NULL,
  proposed_by  VARCHAR(40) NOT NULL,
  proposed_at  DATETIME(3) NOT NULL,
  reason       VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  decided_by   VARCHAR(40) NULL,
  decided_at   DATETIME(3) NULL,
  approved     BOOLEAN     NULL,
  CONSTRAINT limit_proposals_one_open UNIQUE (open_for),
  KEY limit_proposals_issue (issue_id, id),
  CONSTRAINT limit_proposals_of FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT limit_proposals_open_for_its_own CHECK (open_for IS NULL OR open_for = issue_id),
  CONSTRAINT limit_proposals_decided CHECK (
    (open_for IS NULL) = (decided_by IS NOT NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
    AND (decided_by IS NULL) = (approved IS NULL)),
  CONSTRAINT limit_proposals_four_eyes CHECK (approved IS NULL OR approved = 0 OR decided_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- A column of `issues` each: what it was when the change was proposed, and what it shall be.
CREATE TABLE limit_values (
  proposal_id  BIGINT      NOT NULL,
  setting      VARCHAR(30) NOT NULL,
  old_value    BIGINT      NULL,
  new_value    BIGINT      NULL,
  PRIMARY KEY (proposal_id, setting),
  CONSTRAINT limit_values_of FOREIGN KEY (proposal_id) REFERENCES limit_proposals (id),
  CONSTRAINT limit_values_setting CHECK (setting IN ('sale_minimum', 'sale_maximum', 'sale_step',
    'top_up_minimum', 'top_up_maximum', 'top_up_step', 'top_up_count', 'daily_count', 'daily_amount',
    'maximum_balance', 'unreceipted_refund_maximum', 'cash_out_maximum'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Work in the background. A process takes a job (SKIP LOCKED), holds it by a lease that it renews with each piece of
-- work, and raises the fence: who has lost the lease writes nothing any more. How far it is, is in `done`, written in the
-- same database transaction as the piece itself.
CREATE TABLE jobs (
  id           BIGINT      NOT NULL PRIMARY KEY,
  kind         VARCHAR(20) NOT NULL,
  -- What it is about: an issue's id, a pack's, by kind.
  subject      BIGINT      NOT NULL,
  -- kind and subject while it is open, NULL afterwards: one open job of a kind about one thing.
  open_for     VARCHAR(45) NULL,
  parameters   VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state        VARCHAR(10) NOT NULL,
  done         BIGINT      NOT NULL,
  total        BIGINT      NOT NULL,
  who          VARCHAR(40) NOT NULL,
  created_at   DATETIME(3) NOT NULL,
  started_at   DATETIME(3) NULL,
  ended_at     DATETIME(3) NULL,
  lease_until  DATETIME(3) NULL,
  fence        INT         NOT NULL,
  -- Why it failed, or what stopped it for now.
  trouble      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  CONSTRAINT jobs_one_open UNIQUE (open_for),
  KEY jobs_state (state, id),
  CONSTRAINT jobs_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  CONSTRAINT jobs_open CHECK (
    (open_for IS NOT NULL) = (state IN ('waiting', 'running')) AND (open_for IS NULL) = (ended_at IS NOT NULL)),
  CONSTRAINT jobs_lease CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CONSTRAINT jobs_progress CHECK (done >= 0 AND done <= total AND (state <> 'done' OR done = total))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Every file that showed whole numbers: written before its first line, completed when it is whole. One without
-- `ended_at` was broken off.
CREATE TABLE exports (
  id          BIGINT      NOT NULL PRIMARY KEY,
  issue_id    INT         NOT NULL,
  -- The name of a file in config/makers, or 'proofs'.
  maker       VARCHAR(40) NOT NULL,
  who         VARCHAR(40) NOT NULL,
  -- Mandatory for another one.
  reason      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  file_name   VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- The maker's public key that it is encrypted to; NULL: in the clear.
  encrypted_to VARCHAR(100) NULL,
  ecodes      BOOLEAN     NOT NULL,
  first_serial INT        NOT NULL,
  last_serial INT         NOT NULL,
  started_at  DATETIME(3) NOT NULL,
  ended_at    DATETIME(3) NULL,
  cards       INT         NULL,
  bytes       BIGINT      NULL,
  -- SHA-256 of the file as it lies there, in hex.
  sha256      CHAR(64)    NULL,
  KEY exports_issue (issue_id, id),
  CONSTRAINT exports_of FOREIGN KEY (issue_id) REFERENCES issues (id),
  CONSTRAINT exports_serials CHECK (first_serial >= 1 AND last_serial >= first_serial),
  CONSTRAINT exports_whole CHECK (
    (ended_at IS NULL) = (cards IS NULL) AND (ended_at IS NULL) = (bytes IS NULL) AND (ended_at IS NULL) = (sha256 IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
