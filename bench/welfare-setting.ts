import { takeIds } from '../src/db/ids.ts'
import { clerkKey } from '../src/core/key.ts'
import { openAccount } from '../src/db/accounts.ts'
import type { Actor } from '../src/office/actor.ts'
import type { Office } from '../src/office/office.ts'
import { officeRequest } from '../src/office/office-request.ts'
import { isRefused, refusalText, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { checkApart } from '../src/office/welfare/apart.ts'
import { makeEmployer, PLN } from '../src/office/welfare/employers.ts'

/** The employer, the people and the lists of `welfare.ts`. */

const person = (login: string): Actor => ({ login, name: login, rights: ALL_RIGHTS, stores: 'all', channel: 'cli' })
export const [CLERK, SECOND] = [person('clerk'), person('second')]

export function must<Result>(result: Result | Refused): Result {
  if (isRefused(result)) throw new Error(refusalText(result, 'en'))
  return result
}

/** As many employees, each with a card that is sold and has something to be debited. Returns the first card's id. */
export async function people(office: Office, rows: number): Promise<number> {
  const { access } = office.db
  const first = await takeIds(access, 'row', 2 * rows)
  await office.db.use((one) =>
    one.send("INSERT INTO counterparties (code, name, state) VALUES ('BENCH', 'Bench', 'open')"),
  )
  const setting = { code: 'BENCH', currency: PLN, yearlyLimit: 1_000_000_00, legalNote: '', paidFirst: false, language: 'en', email: null } as const // prettier-ignore
  must(await makeEmployer(office, CLERK, setting))
  for (let from = 0; from < rows; from += 1_000) {
    const lot = Array.from({ length: Math.min(1_000, rows - from) }, (_, i) => from + i)
    const cards = lot.map(
      (i) =>
        `(${first + i},1,${1_500_000_000 + i},UNHEX(MD5('bench-${i}')),x'${'01'.repeat(28)}','629910','0000','4912',0,'sold',1,100000,100000)`,
    )
    const employees = lot.map((i) => `(${first + rows + i},'BENCH','${i}','Person ${i}','active',${first + i})`)
    await office.db.use((one) =>
      one.send(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state, was_sold, ledger, available) VALUES ${cards.join(',')};
         INSERT INTO employees (id, employer_code, number, name, state, card_id) VALUES ${employees.join(',')}`,
      ),
    )
  }
  return first
}

/** A list of so many rows: the first employees, each amount another one. */
export function listOf(name: string, least: number, count: number) {
  const lines = Array.from({ length: count }, (_, i) => `${i},Person ${i},${(least + (i % 500)) / 100}`)
  return { name: `${name}.csv`, content: Buffer.from(['employee,name,amount', ...lines].join('\n')) }
}

/** The steps until a batch may be booked, each by its use case. */
export function steps(office: Office, name: string, least: number, count: number) {
  const file = listOf(name, least, count)
  let id = 0
  return {
    id: () => id,
    checked: async () => void ({ id } = must(await checkApart(office, CLERK, 'load', { employer: 'BENCH', file }))),
    proposed: async () =>
      void must(await checkApart(office, CLERK, 'propose', { id, reason: 'bench', accept: ['double_in_batch'] })),
    approved: async () => void must(await checkApart(office, SECOND, 'decide', { id, approve: true, reason: 'bench' })),
  }
}

/** Takes one unit from card after card. */
export async function debitOf(office: Office, first: number): Promise<(i: number) => Promise<void>> {
  const contra = await openAccount(office.db.access, 'issuer_adjustments', 'issuer', PLN)
  const [rows = []] = await office.db.use((one) =>
    one.send(`SELECT HEX(number_hash) FROM cards WHERE id >= ${first} ORDER BY id LIMIT 10000`),
  )
  const hashes = rows.map(([hash]) => String(hash).toLowerCase())
  return (i) => debit(office, first + (i % hashes.length), hashes[i % hashes.length] ?? '', contra)
}

async function debit(office: Office, id: number, numberHash: string, contra: number): Promise<void> {
  const moment = {
    id: office.nextId(),
    spareId: office.nextId(),
    now: Date.now(),
    today: new Date().toISOString().slice(0, 10),
  }
  const card = { id, issueId: 1, numberHash, numberKey: 1, shown: '' }
  const input = { operation: 'adjustment_debit', requester: { channel: 'cli', who: 'bench' }, key: clerkKey(moment.id), card, amount: 1, currency: PLN, contra } as const // prettier-ignore
  const { result } = await office.submit(officeRequest(input, moment))
  if (result !== 'approved') throw new Error(`a debit is ${result}`)
}
