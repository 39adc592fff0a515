-- Who bears what a card had no longer when a person decided that its payment happened, and how much.
ALTER TABLE cases
  ADD COLUMN borne_by VARCHAR(6) NULL,
  ADD COLUMN borne BIGINT NULL,
  ADD CONSTRAINT cases_borne CHECK ((borne_by IS NULL) = (borne IS NULL) AND (borne IS NULL OR borne > 0)
    AND (borne_by IS NULL OR borne_by IN ('store', 'issuer')) AND (borne IS NULL OR closed_at IS NOT NULL));
