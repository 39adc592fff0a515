-- Additive: the version before writes nothing here and reads nothing of it.
-- The last card that is in the sums of a month's end. They are made in lots: of two million cards they take longer than a
-- transaction should.
ALTER TABLE report_months ADD COLUMN summed BIGINT NOT NULL DEFAULT 0, ALGORITHM=INPLACE, LOCK=NONE;
