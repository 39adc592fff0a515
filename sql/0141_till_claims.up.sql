-- Additive: the version before leaves the new columns NULL.
-- What the till had counted at its end of day, beside what we did; NULL: it said nothing, or that was not kept yet.
ALTER TABLE day_ends
  ADD COLUMN claimed_credits BIGINT NULL,
  ADD COLUMN claimed_credits_amount BIGINT NULL,
  ADD COLUMN claimed_reversed_credits BIGINT NULL,
  ADD COLUMN claimed_reversed_credits_amount BIGINT NULL,
  ADD COLUMN claimed_debits BIGINT NULL,
  ADD COLUMN claimed_debits_amount BIGINT NULL,
  ADD COLUMN claimed_reversed_debits BIGINT NULL,
  ADD COLUMN claimed_reversed_debits_amount BIGINT NULL,
  ADD COLUMN claimed_net BIGINT NULL,
  ALGORITHM=INSTANT;
