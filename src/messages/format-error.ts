/** A message that parses but is invalid: answered 30, DE 44 names the field (`F022 entry mode`). */
export type FormatError = { readonly format: 'error'; readonly field: number; readonly what: string }

export const formatError = (field: number, what: string): FormatError => ({ format: 'error', field, what })

/** DE 44 of a format error, as `F035 track`. */
export const placeOf = (field: number, what: string): string => `F${String(field).padStart(3, '0')} ${what}`
