-- Employers and their people (docs/spec/reports.md, section 3).

-- A counterparty that puts money on the cards of its employees.
CREATE TABLE employers (
  counterparty_code  VARCHAR(15)  NOT NULL PRIMARY KEY,
  currency           SMALLINT     NOT NULL,
  -- What an employee may get in a calendar year out of one fund, minor units, and why it is so much.
  yearly_limit       BIGINT       NOT NULL,
  legal_note         VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  -- A batch is booked only where the counterparty has paid for it.
  paid_first         BOOLEAN      NOT NULL,
  language           VARCHAR(2)   NOT NULL,
  email              VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  CONSTRAINT employers_of FOREIGN KEY (counterparty_code) REFERENCES counterparties (code),
  CONSTRAINT employers_limit CHECK (yearly_limit > 0),
  CONSTRAINT employers_language CHECK (language IN ('en', 'pl'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- `number` is the employer's own. A card belongs to one employee at most.
CREATE TABLE employees (
  id             BIGINT       NOT NULL PRIMARY KEY,
  employer_code  VARCHAR(15)  NOT NULL,
  number         VARCHAR(40)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name           VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL,
  email          VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  state          VARCHAR(6)   NOT NULL,
  card_id        BIGINT       NULL,
  CONSTRAINT employees_number UNIQUE (employer_code, number),
  CONSTRAINT employees_card UNIQUE (card_id),
  CONSTRAINT employees_employer FOREIGN KEY (employer_code) REFERENCES employers (counterparty_code),
  CONSTRAINT employees_of_card FOREIGN KEY (card_id) REFERENCES cards (id),
  CONSTRAINT employees_state CHECK (state IN ('active', 'left'))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- Every change of the card that an employee has: who approves a batch is shown what changed since the last load.
CREATE TABLE employee_links (
  id           BIGINT       NOT NULL PRIMARY KEY,
  employee_id  BIGINT       NOT NULL,
  before_id    BIGINT       NULL,
  card_id      BIGINT       NULL,
  at           DATETIME(3)  NOT NULL,
  who          VARCHAR(40)  NOT NULL,
  KEY employee_links_employee (employee_id, at),
  CONSTRAINT employee_links_of FOREIGN KEY (employee_id) REFERENCES employees (id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
