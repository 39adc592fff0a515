-- People who sign in to AkartMenu: who they are, what they may do and since when, their sessions, and what waits for a
-- second administrator. Secrets of codes (TOTP) are sealed; passwords, links and tokens are kept only as hashes.

CREATE TABLE users (
  login          VARCHAR(40)  NOT NULL PRIMARY KEY,
  name           VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  email          VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  state          VARCHAR(10)  NOT NULL,
  -- Codes of roles and of stores, separated by commas.
  roles          VARCHAR(500) NOT NULL,
  stores         TEXT         NOT NULL,
  -- Argon2id, in PHC form.
  password       VARCHAR(255) NULL,
  -- The secret of codes, sealed (AES-256-GCM); NULL: not enrolled. The last step whose code was used: each works once.
  totp           VARBINARY(100) NULL,
  totp_step      BIGINT       NOT NULL DEFAULT 0,
  language       CHAR(2)      NULL,
  theme          VARCHAR(5)   NOT NULL DEFAULT 'auto',
  created_at     DATETIME(3)  NOT NULL,
  last_sign_in   DATETIME(3)  NULL,
  CONSTRAINT users_state CHECK (state IN ('invited', 'active', 'disabled')),
  CONSTRAINT users_language CHECK (language IS NULL OR language IN ('pl', 'en')),
  CONSTRAINT users_theme CHECK (theme IN ('auto', 'light', 'dark'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Roles of the installation's own, beside the standard ones: rights by commas.
CREATE TABLE roles (
  code    VARCHAR(40)   NOT NULL PRIMARY KEY,
  name    VARCHAR(100)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  rights  VARCHAR(2000) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What somebody was from an instant on. Rows are only added: who had which right on a day is the latest row until then.
CREATE TABLE user_history (
  id      BIGINT       NOT NULL PRIMARY KEY,
  login   VARCHAR(40)  NOT NULL,
  since   DATETIME(3)  NOT NULL,
  state   VARCHAR(10)  NOT NULL,
  roles   VARCHAR(500) NOT NULL,
  stores  TEXT         NOT NULL,
  who     VARCHAR(40)  NOT NULL,
  KEY user_history_login (login, since)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE recovery_codes (
  login    VARCHAR(40) NOT NULL,
  digest   BINARY(32)  NOT NULL,
  used_at  DATETIME(3) NULL,
  PRIMARY KEY (login, digest)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What an administrator gave to somebody: an invitation, other roles, a reset. Where it gives a right over money it waits
-- for a second administrator, or for `effective_at` where there is only one.
CREATE TABLE grants (
  id            BIGINT       NOT NULL PRIMARY KEY,
  login         VARCHAR(40)  NOT NULL,
  what          VARCHAR(10)  NOT NULL,
  roles         VARCHAR(500) NOT NULL,
  stores        TEXT         NOT NULL,
  by_login      VARCHAR(40)  NOT NULL,
  at            DATETIME(3)  NOT NULL,
  state         VARCHAR(10)  NOT NULL,
  effective_at  DATETIME(3)  NULL,
  -- SHA-256 of the link's token and of the second administrator's code; NULL: none.
  token         BINARY(32)   NULL,
  code          BINARY(32)   NULL,
  expires_at    DATETIME(3)  NULL,
  decided_by    VARCHAR(40)  NULL,
  decided_at    DATETIME(3)  NULL,
  reason        VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  CONSTRAINT grants_token UNIQUE (token),
  KEY grants_state (state, id),
  KEY grants_login (login, at),
  CONSTRAINT grants_what CHECK (what IN ('invitation', 'roles', 'password', 'totp', 'enabling')),
  CONSTRAINT grants_state_known CHECK (state IN ('waiting', 'open', 'done', 'refused')),
  CONSTRAINT grants_four_eyes CHECK (decided_by IS NULL OR state = 'refused' OR decided_by <> by_login)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE sessions (
  id          BIGINT       NOT NULL PRIMARY KEY,
  -- SHA-256 of the cookie's value.
  token       BINARY(32)   NOT NULL,
  login       VARCHAR(40)  NOT NULL,
  state       VARCHAR(10)  NOT NULL,
  started_at  DATETIME(3)  NOT NULL,
  seen_at     DATETIME(3)  NOT NULL,
  ends_at     DATETIME(3)  NOT NULL,
  -- When the person last proved who they are, by password and code.
  proven_at   DATETIME(3)  NULL,
  address     VARCHAR(45)  NOT NULL,
  user_agent  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- A secret of codes that is being enrolled, sealed.
  enrolling   VARBINARY(100) NULL,
  CONSTRAINT sessions_token UNIQUE (token),
  KEY sessions_login (login),
  KEY sessions_ends (ends_at),
  CONSTRAINT sessions_state CHECK (state IN ('code', 'enrolment', 'signedIn'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What was typed or scanned in a session: handles stand for numbers in URLs. Kept as keyed hashes; gone with the session.
CREATE TABLE session_handles (
  handle      CHAR(24)    NOT NULL PRIMARY KEY,
  session_id  BIGINT      NOT NULL,
  kind        VARCHAR(10) NOT NULL,
  hash        BINARY(16)  NOT NULL,
  other_hash  BINARY(16)  NULL,
  shown       VARCHAR(20) NOT NULL,
  CONSTRAINT session_handles_of FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Which cards were presented whole in a session, and whether with their secret (stripe or eCode).
CREATE TABLE session_cards (
  session_id   BIGINT  NOT NULL,
  card_id      BIGINT  NOT NULL,
  with_secret  BOOLEAN NOT NULL,
  PRIMARY KEY (session_id, card_id),
  CONSTRAINT session_cards_of FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB;

-- Wrong passwords and codes: by login and address, and by address alone (login '').
CREATE TABLE sign_in_tries (
  login         VARCHAR(40) NOT NULL,
  address       VARCHAR(45) NOT NULL,
  wrong         INT         NOT NULL,
  since         DATETIME(3) NOT NULL,
  locked_until  DATETIME(3) NULL,
  PRIMARY KEY (login, address)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Who of the operating system is which person for the command line: one to one.
CREATE TABLE user_maps (
  uid    INT         NOT NULL PRIMARY KEY,
  login  VARCHAR(40) NOT NULL,
  at     DATETIME(3) NOT NULL,
  CONSTRAINT user_maps_login UNIQUE (login),
  CONSTRAINT user_maps_of FOREIGN KEY (login) REFERENCES users (login)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
