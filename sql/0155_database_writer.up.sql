-- Additive: processes of the version before have one host in their URL and never ask.
-- Which node of a cluster is written to. A process that knows several nodes changes it only where that one is gone, and
-- holds it locked in each transaction, so that nobody writes to two nodes.
CREATE TABLE database_writer (
  id     TINYINT      NOT NULL PRIMARY KEY,
  node   VARCHAR(261) NOT NULL,
  epoch  INT          NOT NULL,
  since  DATETIME(3)  NOT NULL,
  CONSTRAINT database_writer_one_row CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

INSERT INTO database_writer (id, node, epoch, since) VALUES (1, '', 0, '2000-01-01 00:00:00.000');
