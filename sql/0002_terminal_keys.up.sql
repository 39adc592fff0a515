-- Keys of terminals move into a table of their own, each wrapped by a master key that is not in this database.
ALTER TABLE terminals
  DROP CONSTRAINT terminals_mac_key,
  DROP COLUMN mac_key,
  -- Whether a message without a MAC is refused, where the terminal has one at all.
  ADD COLUMN mac_required BOOLEAN NOT NULL DEFAULT TRUE;

-- A key of a terminal. `wrapped` is AES-256-GCM under the master key of check value `master`, bound to terminal and purpose.
-- MAC keys come in generations: the first message under one (used_at) ends the older ones a minute later (ends_at).
CREATE TABLE terminal_keys (
  -- The change that brought it: a higher id is a newer key.
  id             BIGINT        NOT NULL PRIMARY KEY,
  terminal_code  VARCHAR(8)    NOT NULL,
  purpose        VARCHAR(10)   NOT NULL,
  algorithm      VARCHAR(4)    NOT NULL,
  check_value    VARCHAR(10)   NOT NULL,
  master         CHAR(6)       NOT NULL,
  wrapped        VARBINARY(80) NOT NULL,
  used_at        DATETIME(3)   NULL,
  ends_at        DATETIME(3)   NULL,
  KEY terminal_keys_of (terminal_code),
  KEY terminal_keys_master (master),
  CONSTRAINT terminal_keys_terminal FOREIGN KEY (terminal_code) REFERENCES terminals (code),
  CONSTRAINT terminal_keys_purpose CHECK (purpose IN ('kbpk', 'mac', 'session', 'bdk')),
  CONSTRAINT terminal_keys_algorithm CHECK (algorithm IN ('tdes', 'aes')),
  CONSTRAINT terminal_keys_generations CHECK (purpose IN ('mac', 'session') OR (used_at IS NULL AND ends_at IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Who changed which key, and when; never a key. Ids rise in the order of the commits, since whoever takes one holds its
-- row in id_blocks until then: so that each process can follow the changes by the last id that it has seen.
CREATE TABLE key_changes (
  id             BIGINT      NOT NULL PRIMARY KEY,
  changed_at     DATETIME(3) NOT NULL,
  who            VARCHAR(40) NOT NULL,
  action         VARCHAR(12) NOT NULL,
  -- NULL: of the master keys.
  terminal_code  VARCHAR(8)  NULL,
  purpose        VARCHAR(10) NULL,
  check_value    VARCHAR(10) NULL,
  note           VARCHAR(80) NOT NULL,
  KEY key_changes_terminal (terminal_code),
  CONSTRAINT key_changes_action CHECK (
    action IN ('created', 'imported', 'replaced', 'removed', 'exchanged', 'used', 'policy', 'rewrapped'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

INSERT INTO id_blocks (name, next_id) VALUES ('key_change', 1);

-- Which request a PIN pad's transaction key was used for: no counter encrypts two tracks.
CREATE TABLE dukpt_uses (
  device   BINARY(8)  NOT NULL,
  counter  BIGINT     NOT NULL,
  request  BINARY(16) NOT NULL,
  PRIMARY KEY (device, counter)
) ENGINE=InnoDB;
