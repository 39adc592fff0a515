-- Further sets of demo cards (`akart demo reset`), made when those before are used up; the first set is not in here.
CREATE TABLE demo_rounds (
  issue_id      INT  NOT NULL,
  -- Of the set's cards in this issue.
  first_serial  INT  NOT NULL,
  PRIMARY KEY (issue_id, first_serial)
) ENGINE=InnoDB;
