-- Cards that AkartMenu sells by e-mail: who asked for which, where it goes, and how far it is. No number and no eCode is here.
CREATE TABLE ecards (
  id           BIGINT       NOT NULL PRIMARY KEY,
  issue_id     INT          NOT NULL,
  amount       BIGINT       NOT NULL,
  -- Who pays for it.
  buyer_kind   VARCHAR(12)  NOT NULL,
  buyer_code   VARCHAR(15)  NOT NULL,
  email        VARCHAR(254) NOT NULL,
  language     CHAR(2)      NOT NULL,
  state        VARCHAR(10)  NOT NULL,
  proposed_by  VARCHAR(40)  NOT NULL,
  proposed_at  DATETIME(3)  NOT NULL,
  decided_by   VARCHAR(40)  NULL,
  decided_at   DATETIME(3)  NULL,
  -- How many sales were begun: each has a card and a once-only key of its own.
  attempt      INT          NOT NULL DEFAULT 0,
  card_id      BIGINT       NULL,
  -- The transaction that sold the card; it is confirmed once the mail server has taken the mail.
  sale_id      BIGINT       NULL,
  booked_at    DATETIME(3)  NULL,
  confirmed    TINYINT      NOT NULL DEFAULT 0,
  -- Mails that the mail server took; tries of the one that is to be sent.
  mails        INT          NOT NULL DEFAULT 0,
  tries        INT          NOT NULL DEFAULT 0,
  -- Set while a mail is to be sent.
  due_at       DATETIME(3)  NULL,
  since        DATETIME(3)  NULL,
  sent_at      DATETIME(3)  NULL,
  problem      VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL,
  KEY ecards_due (due_at),
  KEY ecards_sale (sale_id),
  CONSTRAINT ecards_amount CHECK (amount > 0),
  CONSTRAINT ecards_buyer CHECK (buyer_kind IN ('store', 'counterparty')),
  CONSTRAINT ecards_language CHECK (language IN ('en', 'pl')),
  CONSTRAINT ecards_state CHECK (state IN ('proposed', 'refused', 'sending', 'sent', 'failed')),
  CONSTRAINT ecards_four_eyes CHECK (state IN ('proposed', 'refused') OR decided_by <> proposed_by),
  CONSTRAINT ecards_due_while_sending CHECK ((state = 'sending') = (due_at IS NOT NULL)),
  CONSTRAINT ecards_confirmed CHECK (confirmed = 0 OR sale_id IS NOT NULL)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
