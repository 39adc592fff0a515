-- Additive: the version before makes no use of these indexes.
-- Ends of day and acts of people by time: for the reports of tills and of users over a month of some years.
ALTER TABLE day_ends ADD KEY day_ends_day (business_date, terminal_code), ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE audit ADD KEY audit_at (at), ALGORITHM=INPLACE, LOCK=NONE;
