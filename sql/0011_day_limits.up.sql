-- Limits by the day. What a card gives in a day counts by the calendar of the store, from day_since on, so that no end of day
-- begins it anew; the same of what came onto it by refunds without a receipt. Columns at the end with a constant default are
-- added without touching a row.
ALTER TABLE cards
  ADD COLUMN day_since     DATETIME(3) NULL,
  ADD COLUMN refund_day    DATE        NULL,
  ADD COLUMN refund_since  DATETIME(3) NULL,
  ADD COLUMN refund_amount BIGINT      NOT NULL DEFAULT 0;

-- Refunds without a receipt had a limit for each only. Until somebody says otherwise: once the same onto a card in a day, ten
-- times the same from a terminal in a day.
ALTER TABLE issues
  ADD COLUMN unreceipted_refund_daily          BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN unreceipted_refund_terminal_daily BIGINT NOT NULL DEFAULT 0;

UPDATE issues SET unreceipted_refund_daily = unreceipted_refund_maximum,
  unreceipted_refund_terminal_daily = 10 * unreceipted_refund_maximum;
