-- Who may speak without proving who they are. A terminal without MAC key and without a bound certificate is served only where
-- somebody has said so; those that are there by now stay as they are.
ALTER TABLE terminals ADD COLUMN unauthenticated BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE terminals SET unauthenticated = TRUE WHERE mac = 'none'
  AND NOT EXISTS (SELECT 1 FROM terminal_certificates c WHERE c.terminal_code = terminals.code)
  AND NOT EXISTS (SELECT 1 FROM store_certificates c WHERE c.store_code = terminals.store_code);

-- The last exchange of a MAC session key of each terminal: the DE7 (with its year) and STAN that asked, the key that it was
-- given, and how many there were in the hour that began then.
CREATE TABLE key_exchanges (
  terminal_code  VARCHAR(8)  NOT NULL PRIMARY KEY,
  transmitted    BIGINT      NOT NULL,
  stan           INT         NOT NULL,
  key_id         BIGINT      NOT NULL,
  hour_began     DATETIME(3) NOT NULL,
  number         INT         NOT NULL,
  CONSTRAINT key_exchanges_terminal FOREIGN KEY (terminal_code) REFERENCES terminals (code)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What a terminal sent that could not be understood and has to be looked at: a reversal that is always answered 00.
ALTER TABLE cases ADD COLUMN came VARCHAR(100) NULL;

-- DE59 could be anything, a track too: of what comes back to the terminal anyhow only a digest is kept. What was kept before
-- can't be read any more. Lines and traces begin with the name of
-- a listener, which may have 32 characters, and go on with two counters.
ALTER TABLE transactions
  DROP COLUMN echo,
  ADD COLUMN echo_digest BINARY(16) NULL,
  MODIFY COLUMN line VARCHAR(64) NOT NULL,
  MODIFY COLUMN trace VARCHAR(64) NOT NULL;
