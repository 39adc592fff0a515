-- Where a terminal stands: at a till, or as a price checker behind the web. Only a till's may speak on a line.
ALTER TABLE terminals ADD COLUMN channel ENUM('terminal', 'kiosk') NOT NULL DEFAULT 'terminal';
