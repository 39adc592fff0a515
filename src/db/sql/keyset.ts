import { integer } from './literal.ts'

/** A list's order: an expression, and the id that decides between equals. NULLs come last in a descending list. */
export type Order = { readonly expression: string; readonly id: string; readonly descending: boolean }
/** Where a page ended: the expression's value as SQL (null: NULL), and the id. */
export type Place = { readonly value: string | null; readonly id: number }

export const orderBy = ({ expression, id, descending }: Order): string =>
  descending ? `ORDER BY ${expression} DESC, ${id} DESC` : `ORDER BY ${expression}, ${id}`

/** The condition for rows after a place: paging by key costs the same at any depth. */
export function beyond({ expression, id, descending }: Order, { value, id: last }: Place): string {
  const [past, next] = descending ? ['<', `${id} < ${integer(last)}`] : ['>', `${id} > ${integer(last)}`]
  if (value === null) return `(${expression} IS NULL AND ${next}${descending ? '' : ` OR ${expression} IS NOT NULL`})`
  return `(${expression} ${past} ${value} OR (${expression} = ${value} AND ${next})${descending ? ` OR ${expression} IS NULL` : ''})`
}
