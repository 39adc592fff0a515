-- The audit as a chain: each hash is an HMAC over the row and the hash before it, under a key that is not in this database.
-- Appended by one process at a time; `akart audit verify` reads it again.
CREATE TABLE audit_chain (
  seq       BIGINT     NOT NULL PRIMARY KEY,
  audit_id  BIGINT     NOT NULL,
  hash      BINARY(32) NOT NULL,
  CONSTRAINT audit_chain_once UNIQUE (audit_id),
  CONSTRAINT audit_chain_seq CHECK (seq > 0)
) ENGINE=InnoDB;

-- Who appends: one process at a time, for as long as its transaction holds the row.
INSERT INTO job_slices (job, slice) VALUES ('audit_chain', 0);
