-- Additive: the version before names the columns that it writes, and this one is computed.
-- A person's e-cards are found by the digest of the address when it is erased: a proposal to erase does not hold the address itself.
ALTER TABLE ecards
  ADD COLUMN email_digest BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(LOWER(email), 256))) STORED,
  ADD KEY ecards_address (email_digest);
