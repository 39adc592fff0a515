-- Who may speak on which line: terminals that must sign on first, and the client certificates of lines with mutual TLS
-- that terminals, or all terminals of a store, are bound to.
ALTER TABLE terminals ADD COLUMN sign_on BOOLEAN NOT NULL DEFAULT FALSE;

-- named_by fingerprint: name is the SHA-256 of the certificate, 64 hex digits; subject: its subject, as CN=till 1,O=Shop.
CREATE TABLE terminal_certificates (
  terminal_code  VARCHAR(8)   NOT NULL,
  named_by       VARCHAR(11)  NOT NULL,
  name           VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (terminal_code, named_by, name),
  CONSTRAINT terminal_certificates_terminal FOREIGN KEY (terminal_code) REFERENCES terminals (code),
  CONSTRAINT terminal_certificates_named_by CHECK (named_by IN ('fingerprint', 'subject'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE store_certificates (
  store_code  VARCHAR(15)  NOT NULL,
  named_by    VARCHAR(11)  NOT NULL,
  name        VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (store_code, named_by, name),
  CONSTRAINT store_certificates_store FOREIGN KEY (store_code) REFERENCES stores (code),
  CONSTRAINT store_certificates_named_by CHECK (named_by IN ('fingerprint', 'subject'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
