/** Codes of an option that may be repeated, or have several with commas between them, which no code has; null: it is not given. */
export const codesOf = (given: readonly (string | number)[] | undefined): readonly string[] | null =>
  given?.flatMap((text) => String(text).split(',')) ?? null
