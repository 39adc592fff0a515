-- Slices of jobs belong to a process by a lease with a fence, not by a row lock: a process that is frozen holds them for
-- as long as its lease, and nothing waits for its locks. The database's clock rules.
ALTER TABLE job_slices
  ADD COLUMN owner        CHAR(36)    NULL,
  ADD COLUMN leased_until DATETIME(3) NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN fence        BIGINT      NOT NULL DEFAULT 0;
