/** A row as the driver gives it with `rowsAsArray`: values in the order of the selected columns. */
export type Row = readonly unknown[]

/** A stored word that must be one the code knows; another one means that a newer version wrote this database. */
export function oneOf<Word extends string>(words: readonly Word[], value: string): Word {
  const word = words.find((known) => known === value)
  if (word === undefined) throw new Error(`the database holds a word that this version does not know: ${value}`)
  return word
}
