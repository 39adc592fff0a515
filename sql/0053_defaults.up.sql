-- What most rows say is left out of the text that inserts them. A default alone touches no row.
ALTER TABLE transactions ALTER COLUMN sells SET DEFAULT FALSE;
