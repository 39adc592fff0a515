/** Minor units of a currency with two decimals, as people read them; an en dash for none. */
export const amountText = (amount: number | null): string => (amount === null ? '–' : (amount / 100).toFixed(2))
