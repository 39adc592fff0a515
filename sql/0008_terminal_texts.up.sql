-- How a terminal gets its texts (DE 63): in which character set, and in which language. NULL: in that of its store.
ALTER TABLE terminals
  ADD COLUMN character_set VARCHAR(12) NOT NULL DEFAULT 'ascii',
  ADD COLUMN language CHAR(2) NULL,
  ADD CONSTRAINT terminals_character_set
    CHECK (character_set IN ('ascii', 'iso-8859-2', 'windows-1250', 'cp852', 'utf-8')),
  ADD CONSTRAINT terminals_language CHECK (language IN ('pl', 'en'));
