-- What web shops need of a transaction.
ALTER TABLE transactions
  -- The part of `returned` that the confirmation gave back, which is no refund. NULL: nothing.
  ADD COLUMN released       BIGINT  NULL,
  -- A shop's request that nobody had to confirm; the shop may take it back for a quarter of an hour. NULL: no.
  ADD COLUMN final_at_once  BOOLEAN NULL;
