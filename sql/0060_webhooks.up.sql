-- What web shops are told of their own things and of the cards that they sold (docs/spec/web.md, section 6): events, the
-- endpoints that want them, and what is still to be delivered.

-- Made of transactions by folding, in the order in which they came true for each card.
CREATE TABLE shop_events (
  id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  shop_code   VARCHAR(8)    NOT NULL,
  type        VARCHAR(20)   NOT NULL,
  at          DATETIME(3)   NOT NULL,
  -- Rises for each card; 0: about none.
  sequence    BIGINT        NOT NULL,
  card_id     BIGINT        NULL,
  -- The transaction that made it true, and the one that it is about. NULL: a test of an endpoint.
  source_id   BIGINT        NULL,
  subject_id  BIGINT        NULL,
  -- JSON, without secrets, whole numbers and balances.
  data        VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  CONSTRAINT shop_events_once UNIQUE (source_id, type),
  CONSTRAINT shop_events_shop FOREIGN KEY (shop_code) REFERENCES shops (code),
  KEY shop_events_list (shop_code, id),
  KEY shop_events_subject (subject_id, type),
  KEY shop_events_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

CREATE TABLE webhook_endpoints (
  id            BIGINT        NOT NULL PRIMARY KEY,
  shop_code     VARCHAR(8)    NOT NULL,
  url           VARCHAR(500)  NOT NULL,
  -- Types of events that it wants, separated by blanks; empty: all.
  events        VARCHAR(500)  NOT NULL,
  -- active; failing: its last try of a delivery failed; disabled: nothing is sent.
  state         VARCHAR(8)    NOT NULL,
  -- The secret is derived from this and a key of the installation. The one before a rotation signs until `old_until` too.
  salt          BINARY(16)    NOT NULL,
  old_salt      BINARY(16)    NULL,
  old_until     DATETIME(3)   NULL,
  created_at    DATETIME(3)   NOT NULL,
  -- The process that sends to it, by the clock of the database.
  owner         CHAR(36)      NULL,
  leased_until  DATETIME(3)   NOT NULL DEFAULT '2000-01-01',
  CONSTRAINT webhook_endpoints_shop FOREIGN KEY (shop_code) REFERENCES shops (code),
  CONSTRAINT webhook_endpoints_state CHECK (state IN ('active', 'failing', 'disabled')),
  CONSTRAINT webhook_endpoints_old CHECK ((old_salt IS NULL) = (old_until IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;

-- One row for each event and endpoint that wanted it.
CREATE TABLE webhook_deliveries (
  endpoint_id  BIGINT        NOT NULL,
  event_id     BIGINT        NOT NULL,
  -- The card: deliveries of one card to one endpoint wait for each other. NULL: it waits for none.
  card_id      BIGINT        NULL,
  -- dropped: every try failed, or the endpoint was disabled.
  state        VARCHAR(9)    NOT NULL,
  -- When it is sent next; NULL: an earlier one of its card is first, or it waits no more.
  due_at       DATETIME(3)   NULL,
  made_at      DATETIME(3)   NOT NULL,
  tries        INT           NOT NULL DEFAULT 0,
  tried_at     DATETIME(3)   NULL,
  -- What the last try was answered: HTTP status, or what went wrong before there was one.
  status       INT           NULL,
  fault        VARCHAR(40)   NULL,
  PRIMARY KEY (endpoint_id, event_id),
  CONSTRAINT webhook_deliveries_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  CONSTRAINT webhook_deliveries_event FOREIGN KEY (event_id) REFERENCES shop_events (id) ON DELETE CASCADE,
  CONSTRAINT webhook_deliveries_state CHECK (state IN ('waiting', 'delivered', 'dropped')),
  CONSTRAINT webhook_deliveries_due CHECK (due_at IS NULL OR state = 'waiting'),
  KEY webhook_deliveries_next (endpoint_id, due_at),
  KEY webhook_deliveries_card (endpoint_id, card_id, state, event_id),
  KEY webhook_deliveries_waiting (state, made_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
