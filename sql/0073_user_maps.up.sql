-- From when on somebody of the operating system is that person: as a grant of the same rights would take effect.
ALTER TABLE user_maps ADD COLUMN effective_at DATETIME(3) NULL;
UPDATE user_maps SET effective_at = at;
