import { setTimeout as sleep } from 'node:timers/promises'
import { accountName } from '../src/core/registry.ts'
import type { Access } from '../src/db/access.ts'
import { workerConnection } from '../src/db/connection.ts'
import { createIds } from '../src/db/ids.ts'
import type { Office } from '../src/office/office.ts'
import { createTraffic, MIXES } from './traffic.ts'

const STORE = '000000000000001'

type Load = {
  readonly access: Access
  readonly office: Office
  /** Payments a second, each sent when it is due, whatever the others do. */
  readonly rate: number
  /** Cards with an id above this one are paid with. */
  readonly cardsAfter: number
}

/** Payments at a rate while `work` runs: how many, and their p99 in ms, counted from when each was due. */
export async function paymentsBeside(
  { access, office, rate, cardsAfter }: Load,
  work: () => Promise<unknown>,
): Promise<{ readonly sent: number; readonly p99: number }> {
  const ids = await createIds(access, console.error)
  const account = (kind: 'store_payable' | 'store_receivable'): number =>
    office.registry().accounts.get(accountName(kind, STORE, 985)) ?? 0
  const connection = workerConnection(access)
  const [hashes = []] = await connection.send(
    `SELECT LOWER(HEX(number_hash)) FROM cards WHERE id > ${cardsAfter} ORDER BY id LIMIT 20000`,
  )
  await connection.close()
  const traffic = createTraffic({
    cards: hashes.map(([hash]) => ({ numberHash: String(hash) })),
    ids,
    store: STORE,
    payable: account('store_payable'),
    receivable: account('store_receivable'),
  })
  const [mix] = MIXES
  if (mix === undefined) throw new Error('there is no mix')
  const took: number[] = []
  let over = false
  const done = work().finally(() => (over = true))
  const [begun, waiting] = [performance.now(), new Set<Promise<void>>()]
  for (let n = 0; !over; n++) {
    const due = begun + (n * 1000) / rate
    if (due > performance.now()) await sleep(due - performance.now())
    const one = office.submit(traffic.request(mix, n % 64)).then(() => void took.push(performance.now() - due))
    waiting.add(one)
    void one.finally(() => waiting.delete(one))
  }
  await done
  await Promise.all(waiting)
  await ids.stop()
  took.sort((a, b) => a - b)
  return { sent: took.length, p99: took[Math.min(took.length - 1, Math.floor(took.length * 0.99))] ?? 0 }
}
