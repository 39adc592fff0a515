-- How far the clock of this server was from the monotonic clock of a machine, since that was booted: a process that starts
-- just after the clock was set knows by it what was set before. Written when it changes, so mostly one row for each boot.
CREATE TABLE clock_offsets (
  boot         CHAR(36) NOT NULL,
  -- ms of the machine's monotonic clock, from which on the other was ahead of it by so many ms.
  seen         BIGINT   NOT NULL,
  ahead        BIGINT   NOT NULL,
  PRIMARY KEY (boot, seen)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
