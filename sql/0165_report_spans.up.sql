-- Additive: the version before knows nothing of these tables.
-- Figures of whole days and months that are dear to work out anew each time. Kept once a day is over; `transfers` says of how
-- many transfers they are. Where report_days has another number by now, one has come late: they are not used, and made anew.
CREATE TABLE report_spans (
  span       VARCHAR(5) NOT NULL,
  -- The day; of a month its last day.
  day        DATE       NOT NULL,
  transfers  BIGINT     NOT NULL,
  PRIMARY KEY (span, day),
  CONSTRAINT report_spans_spans CHECK (span IN ('day', 'month'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- From where to where money went, by portions. origin: a store, a counterparty, or `adjustments`.
CREATE TABLE report_matrix (
  span      VARCHAR(5)  NOT NULL,
  day       DATE        NOT NULL,
  issue_id  INT         NOT NULL,
  origin    VARCHAR(15) NOT NULL,
  spent_in  VARCHAR(15) NOT NULL,
  currency  SMALLINT    NOT NULL,
  amount    BIGINT      NOT NULL,
  PRIMARY KEY (span, day, issue_id, origin, spent_in, currency)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- What cards gained and lost, by the month of their sale and whole months since.
CREATE TABLE report_cohorts (
  span       VARCHAR(5)  NOT NULL,
  day        DATE        NOT NULL,
  issue_id   INT         NOT NULL,
  sold_in    VARCHAR(15) NOT NULL,
  cohort     CHAR(7)     NOT NULL,
  months     SMALLINT    NOT NULL,
  operation  VARCHAR(20) NOT NULL,
  amount     BIGINT      NOT NULL,
  PRIMARY KEY (span, day, issue_id, sold_in, cohort, months, operation)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Refunds, cancellations and keyed entries of terminals by hour of the day.
CREATE TABLE report_till_acts (
  span           VARCHAR(5)  NOT NULL,
  day            DATE        NOT NULL,
  store_code     VARCHAR(15) NOT NULL,
  terminal_code  VARCHAR(8)  NOT NULL,
  hour           TINYINT     NOT NULL,
  refunds        INT         NOT NULL,
  cancellations  INT         NOT NULL,
  keyed          INT         NOT NULL,
  PRIMARY KEY (span, day, store_code, terminal_code, hour)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- report_balances of whole months: an opening is what all days before have brought.
CREATE TABLE report_month_balances (
  day         DATE        NOT NULL,
  issue_id    INT         NOT NULL,
  sold_in     VARCHAR(15) NOT NULL,
  operation   VARCHAR(20) NOT NULL,
  gross       BIGINT      NOT NULL,
  undone      BIGINT      NOT NULL,
  PRIMARY KEY (day, issue_id, sold_in, operation)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
