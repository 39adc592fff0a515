-- What a row does to the books, who asked through which door, and in which order a card was moved. Columns at the end with
-- a constant default are added without touching a row, however many there are; what old rows need is filled beside
-- running traffic by the job `backfill` (0021). Until then NULL is read from `kind`.
ALTER TABLE transactions
  -- books, confirms, cancels, reverses, rebooks; informs: moves nothing by its nature (an inquiry, an end of day).
  ADD COLUMN role          ENUM('books', 'confirms', 'cancels', 'reverses', 'rebooks', 'informs') NULL,
  ADD COLUMN channel       ENUM('terminal', 'kiosk', 'web', 'menu', 'cli', 'job') NULL,
  -- The person, the shop or the job that asked; NULL: the terminal itself.
  ADD COLUMN who           VARCHAR(40) NULL,
  -- The store whose account it moves or whose transaction it settles; NULL: that of its key.
  ADD COLUMN for_store     VARCHAR(15) NULL,
  -- cards.seq of card_id, and of the other card where a row moved two, as this row left it; NULL: it left the card alone.
  ADD COLUMN card_seq      INT NULL,
  ADD COLUMN other_seq     INT NULL,
  -- cards.seq of the credited card when the money became available to spend.
  ADD COLUMN available_seq INT NULL;

-- Raised under the card's lock by each row that moves the card: the order of its history. Ids are not: they are given
-- when a request comes, in blocks.
ALTER TABLE cards ADD COLUMN seq INT NOT NULL DEFAULT 0;
