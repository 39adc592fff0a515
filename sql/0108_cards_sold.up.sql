-- The list of cards as it opens: by nothing, the latest sold first. A sale changes the column, a payment does not.
ALTER TABLE cards ADD KEY cards_sold (sold_at), ALGORITHM=INPLACE, LOCK=NONE;
