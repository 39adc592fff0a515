-- When the employer was mailed that a batch is booked; NULL: not yet, or it wishes no mail. What was booked before this
-- version is not told of now.
ALTER TABLE welfare_batches ADD COLUMN mailed_at DATETIME(3) NULL;
UPDATE welfare_batches SET mailed_at = booked_at WHERE state = 'booked';

-- The find box looks for people by the beginning of a name and by number.
ALTER TABLE employees ADD KEY employees_named (name), ADD KEY employees_numbered (number);
