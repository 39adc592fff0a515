-- Additive: changes of the installation's own roles, each with who asked and who decided. Rows are only added and decided:
-- what a role gave on a day is its latest change that was done by then.
CREATE TABLE role_changes (
  id            BIGINT        NOT NULL PRIMARY KEY,
  code          VARCHAR(40)   NOT NULL,
  name          VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  -- By commas, as in `roles`; NULL: the role is removed.
  rights        VARCHAR(2000) NULL,
  by_login      VARCHAR(40)   NOT NULL,
  at            DATETIME(3)   NOT NULL,
  state         VARCHAR(10)   NOT NULL,
  -- From when it is in force. While it waits: when it takes effect by itself, NULL where it needs a second administrator.
  effective_at  DATETIME(3)   NULL,
  decided_by    VARCHAR(40)   NULL,
  decided_at    DATETIME(3)   NULL,
  reason        VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  KEY role_changes_state (state, id),
  KEY role_changes_code (code, effective_at),
  CONSTRAINT role_changes_state_known CHECK (state IN ('waiting', 'done', 'refused')),
  CONSTRAINT role_changes_four_eyes CHECK (decided_by IS NULL OR state = 'refused' OR decided_by <> by_login)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
