-- How often an employer's mail was not taken, and when it is tried again: a mail that no server takes holds up no other one.
ALTER TABLE welfare_batches
  ADD COLUMN mail_tries    TINYINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN mail_next_at  DATETIME(3)      NULL;
