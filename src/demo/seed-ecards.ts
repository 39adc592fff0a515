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

/** The demo's virtual issue: web shops sell its cards. */
const ECARD = { code: 'ECARD', name: 'Gift card by e-mail', prefix: '629912', length: 16, cards: 200 } as const

const COLUMNS = {
  code: text(ECARD.code),
  name: text(ECARD.name),
  currency: '985',
  prefix: text(ECARD.prefix),
  number_length: integer(ECARD.length),
  value_kind: text('open'),
  sale_minimum: integer(10_00),
  sale_maximum: integer(500_00),
  sale_step: '1',
  maximum_balance: integer(500_00),
  refund_onto_card: '1',
  refund_onto_new: '0',
  unreceipted_refund_maximum: '0',
  partial_approval: '1',
  cash_out_maximum: '0',
  pay_by_number: '0',
  balance_by_number: '0',
  state: text('activated'),
  card_count: integer(ECARD.cards),
  medium: text('virtual'),
  number_body: text('scrambled'),
  barcode: text('code128'),
  packs: '0',
  ecodes: '1',
  sale_authorisation: '0',
  ecommerce_after_hours: '0',
} as const

/** Where it is missing: an older demo database gets it at its next start. */
export async function equipDemoECards(access: Access, keys: CardKeys): Promise<void> {
  const firstId = await takeIds(access, 'row', ECARD.cards)
  await unitOfWork(access, async (connection) => {
    const [there = [], [last] = []] = await connection.send(
      `SELECT id FROM issues WHERE code = ${text(ECARD.code)};SELECT MAX(id) FROM issues`,
    )
    if (there.length > 0) return
    const issueId = Number(last?.[0]) + 1
    await connection.send(
      `INSERT INTO issues (id,${Object.keys(COLUMNS).join(',')}) VALUES (${integer(issueId)},${Object.values(COLUMNS).join(',')})`,
    )
    await connection.send(
      `INSERT INTO number_spaces (number_length, prefix, next_body)
       VALUES (${integer(ECARD.length)},${text(ECARD.prefix)},${integer(FIRST_PLACE + ECARD.cards)})`,
    )
    const { prefix, length } = ECARD
    const plan = { issueId, firstId, prefix, length, body: 'scrambled', firstPlace: FIRST_PLACE, ean: null, ecodeSeed: null, validUntil: null } as const // prettier-ignore
    const numbers = plannedNumbers(keys, plan, { first: 1, count: ECARD.cards })
    await connection.send(insertCards(plan, makeCards(keys, plan, 1, numbers, randomBytes(12 * ECARD.cards))))
    await connection.send(nextRegistryVersion)
  })
}
