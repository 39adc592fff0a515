/** Both languages side by side: a text can't be added in one of them only. */
export const pairs = <Id extends string>(table: Record<Id, readonly [en: string, pl: string]>): typeof table => table
