-- A card's page shows its cases.
ALTER TABLE cases ADD KEY cases_card (card_id);
