-- Additive: who does not know the column leaves it at its default.
-- Whether the version before works on what a migration made, so that it may be started again.
ALTER TABLE migration_progress ADD COLUMN additive TINYINT NOT NULL DEFAULT 0;
