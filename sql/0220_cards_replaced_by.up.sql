-- Additive: the version before makes no use of this index.
-- The card that a card replaced: for the history that its holder is shown, and for its page in AkartMenu, which read all
-- cards for it.
ALTER TABLE cards ADD KEY cards_replaced_by (replaced_by), ALGORITHM=INPLACE, LOCK=NONE;
