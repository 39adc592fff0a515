-- Dual control of the keys of terminals: what one person begins and another one finishes, within 24 hours.
ALTER TABLE key_changes
  DROP CONSTRAINT key_changes_action,
  ADD CONSTRAINT key_changes_action CHECK (action IN ('created', 'imported', 'replaced', 'removed', 'exchanged', 'used',
    'policy', 'rewrapped', 'asked', 'component', 'abandoned'));

-- What weakens a terminal was asked for by one person, and is done when a second one asks for it too.
CREATE TABLE key_requests (
  terminal_code  VARCHAR(8)  NOT NULL,
  act            VARCHAR(12) NOT NULL,
  who            VARCHAR(40) NOT NULL,
  asked_at       DATETIME(3) NOT NULL,
  PRIMARY KEY (terminal_code, act),
  CONSTRAINT key_requests_terminal FOREIGN KEY (terminal_code) REFERENCES terminals (code),
  CONSTRAINT key_requests_act CHECK (act IN ('remove kbpk', 'remove mac', 'remove bdk', 'optional'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- A key of which some people have given their components and others have not yet.
CREATE TABLE key_imports (
  terminal_code  VARCHAR(8)  NOT NULL,
  purpose        VARCHAR(10) NOT NULL,
  algorithm      VARCHAR(4)  NOT NULL,
  components     TINYINT     NOT NULL,
  -- Of the whole key, as it came with the components.
  check_value    VARCHAR(10) NOT NULL,
  replaces       BOOLEAN     NOT NULL,
  begun_at       DATETIME(3) NOT NULL,
  PRIMARY KEY (terminal_code, purpose),
  CONSTRAINT key_imports_terminal FOREIGN KEY (terminal_code) REFERENCES terminals (code),
  CONSTRAINT key_imports_purpose CHECK (purpose IN ('kbpk', 'mac', 'bdk')),
  CONSTRAINT key_imports_algorithm CHECK (algorithm IN ('tdes', 'aes')),
  CONSTRAINT key_imports_components CHECK (components IN (2, 3))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- A component, wrapped as a key is (terminal_keys), and bound to being a component. One from each person.
CREATE TABLE key_import_components (
  terminal_code  VARCHAR(8)    NOT NULL,
  purpose        VARCHAR(10)   NOT NULL,
  position       TINYINT       NOT NULL,
  who            VARCHAR(40)   NOT NULL,
  check_value    VARCHAR(10)   NOT NULL,
  master         CHAR(6)       NOT NULL,
  wrapped        VARBINARY(80) NOT NULL,
  PRIMARY KEY (terminal_code, purpose, position),
  CONSTRAINT key_import_components_person UNIQUE (terminal_code, purpose, who),
  CONSTRAINT key_import_components_of FOREIGN KEY (terminal_code, purpose)
    REFERENCES key_imports (terminal_code, purpose) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
