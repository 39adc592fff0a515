import { demoCards } from '../demo/cards.ts'
import { demoApiKeys } from '../demo/shops.ts'
import type { Office } from './office.ts'

/** The data with which the examples of the API page work: the key of the demo's shop, and a card with money. */
export type Example = {
  readonly key: string
  /** A publishable one. */
  readonly browserKey: string
  readonly card: { readonly number: string; readonly ecode: string }
}

const ELSEWHERE: Example = {
  key: 'akart_live_YOUR_KEY',
  browserKey: 'akart_pub_YOUR_KEY',
  card: { number: '6299100000000047', ecode: '7KMF-3QXA-9CDE-HJ4N' },
}

/** Of a demo; elsewhere a key and a card that are none. */
export function exampleOf({ demo, keys }: Pick<Office, 'demo' | 'keys'>): Example {
  const keyOf = (wanted: string) => demoApiKeys.find(({ name }) => name === wanted)?.key
  const [key, browserKey] = [keyOf('webshop'), keyOf('browser')]
  const sold = demoCards(keys()).find(
    ({ issue, state, balance }) => issue === 'OPEN' && state === 'sold' && balance >= 100_00,
  )
  if (!demo || key === undefined || browserKey === undefined || sold === undefined) return ELSEWHERE
  return { key, browserKey, card: { number: sold.number, ecode: sold.ecode } }
}
