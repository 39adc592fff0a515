-- What was done, by whom and through which door: one row for each change of money, rights or settings and each refusal
-- worth keeping, written in the transaction of what it tells of. Rows are only ever added; `akart audit verify` shows
-- whether any was changed or removed since.
CREATE TABLE audit (
  id           BIGINT       NOT NULL PRIMARY KEY,
  at           DATETIME(3)  NOT NULL,
  -- The person's login, a shop or a job.
  who          VARCHAR(40)  NOT NULL,
  channel      VARCHAR(10)  NOT NULL,
  -- A right or a verb on a noun: cards.block, terminals.edit.
  action       VARCHAR(60)  NOT NULL,
  -- What it was done to: kind (card, terminal, user) and id or code.
  object_kind  VARCHAR(30)  NOT NULL,
  object_id    VARCHAR(64)  NOT NULL,
  -- The store that it concerns; NULL: none in particular.
  store_code   VARCHAR(15)  NULL,
  -- `done`, or the code of the refusal.
  outcome      VARCHAR(40)  NOT NULL,
  -- JSON without secrets and whole card numbers. Text, since its bytes are under the chain's hash.
  details      VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  KEY audit_object (object_kind, object_id),
  KEY audit_who (who, id),
  CONSTRAINT audit_channel CHECK (channel IN ('terminal', 'kiosk', 'web', 'menu', 'cli', 'job'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Audit rows that are not in the chain yet, inserted with them: a queue without a watermark, since ids are no order of commits.
CREATE TABLE audit_unchained (
  audit_id  BIGINT NOT NULL PRIMARY KEY
) ENGINE=InnoDB;
