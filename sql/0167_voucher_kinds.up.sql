-- Additive: the version before knows nothing of these columns.
-- Whether the cards of an issue are single-purpose or multi-purpose vouchers (Directive (EU) 2016/1065), and the VAT rate of
-- single-purpose ones in per cent. `unset` where nobody has said, as of all issues from before.
ALTER TABLE issues ADD COLUMN voucher_kind VARCHAR(6) NOT NULL DEFAULT 'unset', ADD COLUMN vat_rate VARCHAR(5) NULL;
