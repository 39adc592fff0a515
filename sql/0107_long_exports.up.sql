-- Exports that a job makes, in parts: what is asked for is kept until it is done, and the file follows part by part.
ALTER TABLE list_exports
  -- JSON: criteria, columns, format, order. NULL: it was made at once, and its content is in the row.
  ADD COLUMN wish MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- The fence of the job that made it whole: its parts are those of that number. NULL: not whole yet.
  ADD COLUMN fence INT NULL,
  ADD COLUMN cancelled TINYINT(1) NOT NULL DEFAULT 0;
CREATE TABLE list_export_parts (
  export_id BIGINT   NOT NULL,
  fence     INT      NOT NULL,
  part      INT      NOT NULL,
  -- Packed by gzip.
  content   LONGBLOB NOT NULL,
  PRIMARY KEY (export_id, fence, part)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
