-- Requests that another host answers: what is kept of each, and what such hosts are owed.

-- `pending`: committed, sent or about to be, not answered yet. Nothing has moved.
ALTER TABLE transactions DROP CONSTRAINT transactions_state;
ALTER TABLE transactions ADD CONSTRAINT transactions_state
  CHECK (state IN ('declined', 'pending', 'unconfirmed', 'confirmed', 'reversed', 'cancelled'));
ALTER TABLE transactions ADD CONSTRAINT transactions_pending_still CHECK (state <> 'pending' OR amount = 0);

-- How a host knows a request, by the id of its row in transactions. A table of its own, so that nobody else's row grows.
CREATE TABLE routed (
  id              BIGINT      NOT NULL PRIMARY KEY,
  upstream        VARCHAR(15) NOT NULL,
  confirms        BOOLEAN     NOT NULL,
  -- First six and last four: whole numbers of other hosts' cards are not kept.
  card            VARCHAR(19) NOT NULL,
  stan            INT         NOT NULL,
  transmitted     BIGINT      NOT NULL,
  -- Past this time nobody waits for the host any more; NULL: settled.
  answer_by       DATETIME(3) NULL,
  host_code       VARCHAR(2)  NULL,
  host_reference  VARCHAR(12) NULL,
  -- What came when it was settled already.
  late_code       VARCHAR(2)  NULL,
  -- The 0400 about it that is with the host now.
  cancelling      BIGINT      NULL,
  CONSTRAINT routed_once UNIQUE (upstream, transmitted, stan),
  KEY routed_unanswered (answer_by),
  CONSTRAINT routed_stan CHECK (stan BETWEEN 1 AND 999999)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Store and forward: reversals (420) and confirmations (202) that a host is owed, each until it acknowledges it. Never
-- deleted; what a host refuses again and again is set aside for a person.
CREATE TABLE owed (
  transaction_id  BIGINT      NOT NULL,
  kind            SMALLINT    NOT NULL,
  upstream        VARCHAR(15) NOT NULL,
  -- The same while it waits: first in, first out by this and owed_since.
  waiting_for     VARCHAR(15) NULL,
  owed_since      DATETIME(3) NOT NULL,
  -- Not before; each try in vain puts it off further.
  due_at          DATETIME(3) NOT NULL,
  -- Given when it is first sent; a repeat (0421, 0203) keeps both.
  stan            INT         NULL,
  transmitted     BIGINT      NULL,
  tries           INT         NOT NULL DEFAULT 0,
  refusals        INT         NOT NULL DEFAULT 0,
  last_failure    VARCHAR(60) NULL,
  state           VARCHAR(12) NOT NULL DEFAULT 'waiting',
  settled_at      DATETIME(3) NULL,
  PRIMARY KEY (transaction_id, kind),
  KEY owed_waiting (waiting_for, owed_since, transaction_id),
  CONSTRAINT owed_routed FOREIGN KEY (transaction_id) REFERENCES routed (id),
  CONSTRAINT owed_kind CHECK (kind IN (202, 420)),
  CONSTRAINT owed_state CHECK (state IN ('waiting', 'acknowledged', 'set_aside')),
  CONSTRAINT owed_waits CHECK ((state = 'waiting') = (waiting_for IS NOT NULL) AND (state = 'waiting') = (settled_at IS NULL)),
  CONSTRAINT owed_waits_for_its_own CHECK (waiting_for IS NULL OR waiting_for = upstream),
  CONSTRAINT owed_counts CHECK (tries >= 0 AND refusals >= 0 AND refusals <= tries)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Who works on a host's queue: one process at a time, for as long as its lease runs. Each new owner raises the fence,
-- and whoever holds an older one can write nothing.
CREATE TABLE upstream_queues (
  upstream      VARCHAR(15) NOT NULL PRIMARY KEY,
  owner         VARCHAR(40) NOT NULL DEFAULT '',
  fence         BIGINT      NOT NULL DEFAULT 0,
  leased_until  DATETIME(3) NOT NULL DEFAULT '2000-01-01 00:00:00.000',
  CONSTRAINT upstream_queues_fence CHECK (fence >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Trace numbers towards hosts, one series for all of them; 1 to 999999 and again.
INSERT INTO id_blocks (name, next_id) VALUES ('stan', 1);
INSERT INTO job_slices (job, slice) VALUES ('unanswered', 0);
