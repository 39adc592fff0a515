-- Additive: the version before knows nothing of this column.
-- Why a scheduled report was not delivered, in Polish; `trouble` says it in English.
ALTER TABLE report_runs ADD COLUMN trouble_pl VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NULL;
