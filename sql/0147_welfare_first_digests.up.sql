-- What a list said when it was loaded: its rows may be corrected since, and the file as it was is still the same file.
ALTER TABLE welfare_batches ADD COLUMN first_sha256 BINARY(32) NULL;
UPDATE welfare_batches SET first_sha256 = sha256;
