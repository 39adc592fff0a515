-- Additive: the version before writes nothing here and reads nothing of it.
-- Days of which the cards that moved are kept, so that what all cards held at the end of any day is the end of a month and the days
-- since. base: the end of the month before (NULL: there is none). transfers: how many of all days up to this one there were; where
-- report_days has more by now, one has come late, and the day is made anew. -1: it is being made.
CREATE TABLE report_day_ends (
  day        DATE    NOT NULL PRIMARY KEY,
  base       DATE    NULL,
  transfers  BIGINT  NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Each card that moved on a day: as it was at the day's end, and as it was before (0 and NULL: it held nothing, and was not known).
-- valid_until: as it was when the day was kept.
CREATE TABLE report_card_days (
  day              DATE        NOT NULL,
  card_id          BIGINT      NOT NULL,
  issue_id         INT         NOT NULL,
  sold_in          VARCHAR(15) NOT NULL,
  sold_on          DATE        NULL,
  valid_until      DATE        NULL,
  ledger           BIGINT      NOT NULL,
  was_sold_in      VARCHAR(15) NULL,
  was_sold_on      DATE        NULL,
  was_valid_until  DATE        NULL,
  was_moved_on     DATE        NULL,
  was_ledger       BIGINT      NOT NULL,
  PRIMARY KEY (day, card_id),
  KEY report_card_days_card (card_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
