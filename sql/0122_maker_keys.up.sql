-- Public keys of card makers, which two people set: what AkartMenu hands out for a maker is encrypted to the latest approved one.
CREATE TABLE maker_keys (
  id           BIGINT        NOT NULL PRIMARY KEY,
  maker        VARCHAR(40)   NOT NULL,
  -- The maker while nobody has decided: one proposal for each at a time.
  open_for     VARCHAR(40)   NULL,
  encryption   VARCHAR(10)   NOT NULL,
  public_key   VARCHAR(8000) NOT NULL,
  -- The age recipient, or the fingerprint of an OpenPGP key.
  recipient    VARCHAR(100)  NOT NULL,
  reason       VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  proposed_by  VARCHAR(40)   NOT NULL,
  proposed_at  DATETIME(3)   NOT NULL,
  decided_by   VARCHAR(40)   NULL,
  decided_at   DATETIME(3)   NULL,
  approved     TINYINT       NULL,
  CONSTRAINT maker_keys_one_open UNIQUE (open_for),
  KEY maker_keys_of (maker, id),
  CONSTRAINT maker_keys_encryption CHECK (encryption IN ('age', 'openpgp')),
  CONSTRAINT maker_keys_open_for_its_own CHECK (open_for IS NULL OR open_for = maker),
  CONSTRAINT maker_keys_decided CHECK ((decided_by IS NULL) = (approved IS NULL) AND (open_for IS NULL) = (approved IS NOT NULL)),
  CONSTRAINT maker_keys_four_eyes CHECK (approved IS NULL OR approved = 0 OR decided_by <> proposed_by)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
