import { randomBytes } from 'node:crypto'
import type { CardKeys } from '../cards/keys.ts'
import { makeCards, plannedNumbers } from '../cards/made-card.ts'
import { FIRST_PLACE } from '../cards/number-space.ts'
import type { Access } from '../db/access.ts'
import { takeIds } from '../db/ids.ts'
import { integer, text } from '../db/sql/literal.ts'
import { insertCards } from '../db/sql/new-cards.ts'
import { nextRegistryVersion } from '../db/sql/issues.ts'
import { unitOfWork } from '../db/unit-of-work.ts'
import { insertIssue } from './new-issue.ts'

/** The demo's virtual issue: web shops sell its cards. */
const ECARD = { code: 'ECARD', name: 'Gift card by e-mail', prefix: '629912', length: 16, cards: 200 } as const

const COLUMNS = {
  sale_maximum: integer(500_00),
  maximum_balance: integer(500_00),
  balance_by_number: '0',
  medium: text('virtual'),
  packs: '0',
  ecodes: '1',
} as const

/** Adds the issue if it is missing, so that an older demo database gets it at its next start. */
export async function equipDemoECards(access: Access, keys: CardKeys): Promise<void> {
  const firstId = await takeIds(access, 'row', ECARD.cards)
  await unitOfWork(access, async (connection) => {
    const [there = []] = await connection.send(`SELECT id FROM issues WHERE code = ${text(ECARD.code)}`)
    if (there.length > 0) return
    const issueId = await insertIssue(connection, ECARD, COLUMNS)
    const { prefix, length } = ECARD
    const plan = { issueId, firstId, prefix, length, body: 'scrambled', firstPlace: FIRST_PLACE, ean: null, ecodeSeed: null, validUntil: null } as const // prettier-ignore
    const numbers = plannedNumbers(keys, plan, { first: 1, count: ECARD.cards })
    await connection.send(insertCards(plan, makeCards(keys, plan, 1, numbers, randomBytes(12 * ECARD.cards))))
    await connection.send(nextRegistryVersion)
  })
}
