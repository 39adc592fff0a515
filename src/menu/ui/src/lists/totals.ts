import type { Money } from '../i18n/useFormat.ts'

/** The currency of all these amounts; undefined: they differ, so each amount must name its own. */
export function onlyCurrency(amounts: readonly (Money | null)[]): string | undefined {
  const currencies = new Set(amounts.flatMap((money) => (money === null ? [] : [money.currency])))
  return currencies.size === 1 ? [...currencies][0] : undefined
}

/** The sum for each currency. */
export function totals(amounts: readonly Money[]): readonly Money[] {
  const sums = new Map<string, Money>()
  for (const money of amounts) {
    const sum = sums.get(money.currency)
    sums.set(money.currency, { ...money, value: money.value + (sum?.value ?? 0) })
  }
  return [...sums.values()]
}
