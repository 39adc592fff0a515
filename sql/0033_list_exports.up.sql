-- Files of what a list showed, made in one reading of the database: kept for a day for whoever asked.
CREATE TABLE list_exports (
  id         BIGINT       NOT NULL PRIMARY KEY,
  login      VARCHAR(40)  NOT NULL,
  list       VARCHAR(20)  NOT NULL,
  file_name  VARCHAR(100) NOT NULL,
  at         DATETIME(3)  NOT NULL,
  row_count  INT          NOT NULL,
  -- JSON: a sum for each currency.
  sums       VARCHAR(1000) NOT NULL,
  sha256     CHAR(64)     NOT NULL,
  -- Packed by gzip; the hash is of the file itself.
  content    LONGBLOB     NOT NULL,
  KEY list_exports_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
