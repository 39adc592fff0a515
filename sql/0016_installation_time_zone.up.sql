-- The zone of what concerns no store: set by the configuration at every start, for commands that read no configuration.
ALTER TABLE installation ADD COLUMN time_zone VARCHAR(40) NOT NULL DEFAULT 'Europe/Warsaw';
