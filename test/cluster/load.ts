import { setTimeout as sleep } from 'node:timers/promises'
import { openTill } from '../conformance/till.ts'
import type { Akart, Card } from '../conformance/akart.ts'

/** The results of one till and its clerk. */
export type Sales = {
  readonly card: Card
  /** Payments of 0.01 that were approved. */
  approved: number
  refused: number
  repeats: number
  /** `performance.now()` of the last approval, and the longest time without one since `gap` was set to 0. */
  last: number
  gap: number
}

const APPROVED = '00'
/** ms between two payments, so that a balance of 150.00 lasts. */
const PAUSE_MS = 10

/**
 * One payment of 0.01 after the other. A request without an answer is repeated (0201) until it has one; a temporary
 * refusal was not booked, and the next request is a new payment.
 */
export async function sell(
  akart: Pick<Akart, 'address' | 'terminal'>,
  terminal: string,
  sales: Sales,
  goesOn: () => boolean,
): Promise<void> {
  const till = await openTill(akart, terminal)
  const { card } = sales
  while (goesOn()) {
    const request = till.message('0200', { 3: '006000', 4: '000000000001', 22: '022', 35: card.track2, 49: '985' })
    let code = await till.send(request).then(
      ({ fields }) => fields[39],
      () => null,
    )
    while (code === null) {
      sales.repeats += 1
      await till.reconnect().catch(() => sleep(50))
      code = await till.send({ ...request, mti: '0201' }).then(
        ({ fields }) => fields[39],
        () => null,
      )
    }
    const now = performance.now()
    if (code === APPROVED) {
      sales.approved += 1
      sales.gap = Math.max(sales.gap, now - sales.last)
      sales.last = now
    } else if (code === '96' || code === '91') sales.refused += 1
    else throw new Error(`a payment was answered ${code}`)
    await sleep(PAUSE_MS)
  }
  till.line().end()
}
