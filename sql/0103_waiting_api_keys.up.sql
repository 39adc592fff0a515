-- A key that moves money and waits for a second person: nobody signs in with it yet.
ALTER TABLE api_keys ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;
