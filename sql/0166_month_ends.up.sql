-- Additive: the version before knows nothing of these tables.
-- What each card held at the end of a month. It is made of the month before and of the transfers since, in lots; `carried` and
-- `added` say how far it is. transfers: how many of all days up to it it is made of; where report_days has more by now, one
-- has come late, and it is made anew.
CREATE TABLE report_months (
  month_end  DATE        NOT NULL PRIMARY KEY,
  state      VARCHAR(10) NOT NULL,
  transfers  BIGINT      NOT NULL,
  -- The last card that was taken over from the month before, and the last day whose transfers were added.
  carried    BIGINT      NOT NULL,
  added      DATE        NULL,
  CONSTRAINT report_months_states CHECK (state IN ('clearing', 'carrying', 'adding', 'summing', 'written'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Cards with money on them at the end of a month. valid_until: as it was when the month was written.
CREATE TABLE report_month_cards (
  month_end    DATE        NOT NULL,
  card_id      BIGINT      NOT NULL,
  issue_id     INT         NOT NULL,
  sold_in      VARCHAR(15) NOT NULL,
  sold_on      DATE        NULL,
  valid_until  DATE        NULL,
  -- The day of its last transfer.
  moved_on     DATE        NOT NULL,
  ledger       BIGINT      NOT NULL,
  PRIMARY KEY (month_end, card_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- The same by what an age is counted from: the sale, the last activity, the last day. since: 1000-01-01 where there is none.
CREATE TABLE report_month_sums (
  month_end  DATE        NOT NULL,
  age_by     VARCHAR(10) NOT NULL,
  issue_id   INT         NOT NULL,
  sold_in    VARCHAR(15) NOT NULL,
  since      DATE        NOT NULL,
  ledger     BIGINT      NOT NULL,
  cards      INT         NOT NULL,
  PRIMARY KEY (month_end, age_by, issue_id, sold_in, since),
  CONSTRAINT report_month_sums_ages CHECK (age_by IN ('sale', 'activity', 'validity'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
