/** The id of the row behind which a page begins, of lists whose latest row is first; null: at the first row. Any other text is no cursor. */
export const rowBefore = (cursor: string | undefined): number | null =>
  cursor === undefined || !/^\d{1,15}$/u.test(cursor) ? null : Number(cursor)
