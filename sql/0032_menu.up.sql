-- What the back office keeps of its own: decisions that wait for a second person, saved searches, alerts.

CREATE TABLE proposals (
  id           BIGINT       NOT NULL PRIMARY KEY,
  kind         VARCHAR(20)  NOT NULL,
  -- What it is about, by kind: a case.
  subject      BIGINT       NOT NULL,
  -- The same while it is open, NULL afterwards: one open proposal of a kind about one thing.
  open_for     BIGINT       NULL,
  -- JSON: what shall be done.
  wish         VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason       VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  by_login     VARCHAR(40)  NOT NULL,
  at           DATETIME(3)  NOT NULL,
  decided_by   VARCHAR(40)  NULL,
  decided_at   DATETIME(3)  NULL,
  approved     BOOLEAN      NULL,
  CONSTRAINT proposals_one_open UNIQUE (kind, open_for),
  KEY proposals_decided (decided_at, id),
  CONSTRAINT proposals_four_eyes CHECK (approved IS NULL OR approved = 0 OR decided_by <> by_login),
  CONSTRAINT proposals_open CHECK ((open_for IS NULL) = (decided_at IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE saved_searches (
  id           BIGINT        NOT NULL PRIMARY KEY,
  login        VARCHAR(40)   NOT NULL,
  list         VARCHAR(20)   NOT NULL,
  name         VARCHAR(60)   CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  query        VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  columns      VARCHAR(1300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- A role whose people see it too.
  shared_with  VARCHAR(40)   NULL,
  CONSTRAINT saved_searches_name UNIQUE (login, list, name),
  KEY saved_searches_shared (shared_with)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What somebody has to look at. The same thing about the same subject counts up while nobody has seen it.
CREATE TABLE alerts (
  id        BIGINT      NOT NULL PRIMARY KEY,
  kind      VARCHAR(30) NOT NULL,
  subject   VARCHAR(64) NOT NULL,
  since     DATETIME(3) NOT NULL,
  last_at   DATETIME(3) NOT NULL,
  count     INT         NOT NULL,
  -- kind and subject while nobody has seen it; NULL afterwards.
  open_for  VARCHAR(95) NULL,
  CONSTRAINT alerts_one_open UNIQUE (open_for),
  KEY alerts_last (last_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE alerts_seen (
  alert_id  BIGINT      NOT NULL,
  login     VARCHAR(40) NOT NULL,
  at        DATETIME(3) NOT NULL,
  PRIMARY KEY (alert_id, login),
  CONSTRAINT alerts_seen_of FOREIGN KEY (alert_id) REFERENCES alerts (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
