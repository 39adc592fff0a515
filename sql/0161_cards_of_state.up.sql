-- Additive: the cards of an issue in one state, in the order in which their list opens. A sale changes it, a payment does
-- not. The index of the two without the order stays for a version that is taken back; nothing reads it any more.
ALTER TABLE cards ADD KEY cards_issue_state_sold (issue_id, state, sold_at), ALGORITHM=INPLACE, LOCK=NONE;
