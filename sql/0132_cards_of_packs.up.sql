-- The cards of a pack, and of all packs of a recipient, in the order in which their list opens. It takes the place of the
-- index by pack alone, so that a card has as many as before; a sale changes it, a payment does not.
ALTER TABLE cards ADD KEY cards_pack_sold (pack_id, sold_at), DROP KEY cards_pack, ALGORITHM=INPLACE, LOCK=NONE;
