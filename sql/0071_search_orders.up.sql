-- Lists in their usual order by what people ask for first: each index continues in the order of the list. None of these
-- columns is a payment's: of cards they change with a sale, of search rows never.
ALTER TABLE search_transactions
  ADD KEY search_transactions_operation (operation, at, id),
  ADD KEY search_transactions_result (result, at, id),
  ALGORITHM=INPLACE, LOCK=NONE;

ALTER TABLE cards
  ADD KEY cards_state_sold (state, sold_at),
  ADD KEY cards_issue_sold (issue_id, sold_at),
  ALGORITHM=INPLACE, LOCK=NONE;
