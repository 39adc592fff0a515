-- When an alert was mailed; NULL: not yet. Those from before are not mailed.
ALTER TABLE alerts ADD COLUMN mailed_at DATETIME(3) NULL, ADD KEY alerts_mailed (mailed_at, id);
UPDATE alerts SET mailed_at = last_at;

-- Numbers that somebody of a store tried and that are no card of ours, by minute.
CREATE TABLE find_misses (
  login   VARCHAR(40) NOT NULL,
  minute  DATETIME    NOT NULL,
  misses  INT         NOT NULL,
  PRIMARY KEY (login, minute)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
