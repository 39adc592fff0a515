/** A text in both languages, so that none can be added in one language only. */
export const pairs = <Id extends string>(table: Record<Id, readonly [en: string, pl: string]>): typeof table => table
