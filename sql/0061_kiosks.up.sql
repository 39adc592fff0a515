-- Price checkers: terminals of their stores that ask by a browser (docs/spec/web.md, section 9).
CREATE TABLE kiosks (
  -- Its terminal's.
  code           VARCHAR(8)    NOT NULL PRIMARY KEY,
  store_code     VARCHAR(15)   NOT NULL,
  -- Networks that it asks from, separated by blanks; empty: from anywhere, which only a demo may have.
  networks       VARCHAR(1000) NOT NULL,
  -- SHA-256 of the code that enrols a browser, until it is used or its time is over.
  enrol_digest   BINARY(32)    NULL,
  enrol_until    DATETIME(3)   NULL,
  state          VARCHAR(8)    NOT NULL,
  added_at       DATETIME(3)   NOT NULL,
  added_by       VARCHAR(40)   NOT NULL,
  CONSTRAINT kiosks_enrol UNIQUE (enrol_digest),
  CONSTRAINT kiosks_state CHECK (state IN ('active', 'revoked'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Cookies of enrolled browsers, as SHA-256: a new one each day. `next` was given out and has not come back yet; one that is
-- `spent` and comes again was copied.
CREATE TABLE kiosk_cookies (
  digest      BINARY(32)  NOT NULL PRIMARY KEY,
  kiosk_code  VARCHAR(8)  NOT NULL,
  state       VARCHAR(7)  NOT NULL,
  made_at     DATETIME(3) NOT NULL,
  KEY kiosk_cookies_of (kiosk_code, state),
  CONSTRAINT kiosk_cookies_kiosk FOREIGN KEY (kiosk_code) REFERENCES kiosks (code),
  CONSTRAINT kiosk_cookies_state CHECK (state IN ('next', 'current', 'spent'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
