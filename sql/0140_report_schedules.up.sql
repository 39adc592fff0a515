-- Additive: the version before knows nothing of these tables.
-- Reports that are made again and again, into a directory of the configuration or by mail.
CREATE TABLE report_schedules (
  id          BIGINT      NOT NULL PRIMARY KEY,
  name        VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  report      VARCHAR(20) NOT NULL,
  -- Codes of stores and issues, by commas; NULL: all.
  stores      VARCHAR(2000) NULL,
  issues      VARCHAR(2000) NULL,
  rhythm      VARCHAR(10) NOT NULL,
  -- weekly: 1 is Monday; monthly: the day of the month, at most 28; daily: 0.
  on_day      TINYINT     NOT NULL,
  at_time     CHAR(5)     NOT NULL,
  -- In the zone of this store; NULL: of the installation.
  store_code  VARCHAR(15) NULL,
  format      VARCHAR(5)  NOT NULL,
  preset      VARCHAR(15) NOT NULL,
  language    CHAR(2)     NOT NULL,
  place       VARCHAR(10) NOT NULL,
  -- The name of a directory, or an address.
  target      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  state       VARCHAR(10) NOT NULL,
  next_at     DATETIME(3) NOT NULL,
  made_by     VARCHAR(40) NOT NULL,
  made_at     DATETIME(3) NOT NULL,
  KEY report_schedules_next (state, next_at),
  CONSTRAINT report_schedules_rhythms CHECK (rhythm IN ('daily', 'weekly', 'monthly')),
  CONSTRAINT report_schedules_places CHECK (place IN ('directory', 'mail')),
  CONSTRAINT report_schedules_states CHECK (state IN ('active', 'removed'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One row for each time that one is due: so each is made once, those that were missed too.
CREATE TABLE report_runs (
  id           BIGINT       NOT NULL PRIMARY KEY,
  schedule_id  BIGINT       NOT NULL,
  due_at       DATETIME(3)  NOT NULL,
  -- The period that it is of.
  from_day     DATE         NOT NULL,
  to_day       DATE         NOT NULL,
  state        VARCHAR(10)  NOT NULL,
  tries        INT          NOT NULL,
  -- When a job for it is begun; NULL: one is at it, or it has ended.
  try_at       DATETIME(3)  NULL,
  -- The file, and its SHA-256, from before it gets its name: what is there under that name is known again.
  file         VARCHAR(120) NULL,
  sha256       CHAR(64)     NULL,
  trouble      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  ended_at     DATETIME(3)  NULL,
  CONSTRAINT report_runs_once UNIQUE (schedule_id, due_at),
  KEY report_runs_due (state, try_at),
  CONSTRAINT report_runs_states CHECK (state IN ('waiting', 'done', 'failed')),
  CONSTRAINT report_runs_ended CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CONSTRAINT report_runs_schedule FOREIGN KEY (schedule_id) REFERENCES report_schedules (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
