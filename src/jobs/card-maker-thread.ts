import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { makeCards, plannedNumbers, type Serials } from '../cards/made-card.ts'
import { revived } from '../cards/revived.ts'
import { insertCards } from '../db/sql/new-cards.ts'
import type { MakerData } from './card-maker.ts'

/** Worker thread of `card-maker.ts`: takes serials, returns their INSERT statement. */

const { keys, plan } = revived(workerData as MakerData)
parentPort?.on('message', (serials: Serials) => {
  const numbers = plannedNumbers(keys, plan, serials)
  const cards = makeCards(keys, plan, serials.first, numbers, randomBytes(12 * serials.count))
  parentPort?.postMessage(insertCards(plan, cards))
})
