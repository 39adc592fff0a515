/** The part of the client for a shop's pages: makes card tokens with a publishable key. */

import { AkartProblem } from './problem.ts'
import type { CardToken, NumberAndEcode } from './types.ts'

export { AkartProblem }

/**
 * Called in a page: makes a token for the card that the customer typed, valid for 15 minutes. Number and eCode go to Akart,
 * never to the shop's server.
 *
 * @param key a publishable key: akart_pub_…
 */
export async function createCardToken(
  { url, key }: { readonly url: string; readonly key: string },
  card: NumberAndEcode,
): Promise<CardToken> {
  const answer = await fetch(`${url}/api/v1/card-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ card }),
  })
  const body: unknown = await answer.json()
  if (!answer.ok) throw new AkartProblem(answer.status, body)
  return body as CardToken
}
