import {
  type Employee,
  insertEmployees,
  insertLinks,
  type Link,
  type NewEmployee,
  selectEmployeesNumbered,
  selectHolders,
  setEmployeeCard,
  toEmployee,
  toHolder,
} from '../../db/sql/employees.ts'
import { lockEmployer } from '../../db/sql/employers.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { type CheckedCard, selectCheckedCardsOfNumbers, toCheckedCard } from '../../db/sql/welfare-cards.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { cardPrefixes, holdsCardNumber } from '../card-in-text.ts'
import { type ReadNumber, readNumber, THE_CARD } from '../card-name.ts'
import { inTransaction, type Office } from '../office.ts'
import { type Fault, isRefused, refused, refusalPhrase, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { openEmployer } from './employers.ts'
import type { ReadOptions, Upload } from './list-file.ts'
import type { ListColumn } from './list-columns.ts'
import { type ListRow, openList } from './open-list.ts'

export type Imported = { readonly added: number; readonly linked: number; readonly unchanged: number }

type Person = {
  readonly line: number
  readonly number: string
  readonly name: string
  readonly email: string | null
  readonly card: ReadNumber | null
}

const REQUIRED: readonly ListColumn[] = ['employee', 'name']
const LOT = 500
const MOST_FAULTS = 100

/**
 * Imports employees and links the named cards: all rows, or none if one is wrong. Existing employees keep the data that
 * the list lacks.
 */
export async function importEmployees(
  office: Office,
  actor: Actor,
  { employer: code, file, ...input }: { readonly employer: string; readonly file: Upload } & ReadOptions,
): Promise<Imported | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const people = await readPeople(office, file, input)
  if (isRefused(people)) return people
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const employer = await openEmployer(connection, code)
    if (isRefused(employer)) return employer
    await connection.send(lockEmployer(code))
    const sums = { added: 0, linked: 0, unchanged: 0 }
    const faults: Fault[] = []
    const taken = new Set<number>()
    for (let from = 0; from < people.length; from += LOT) {
      const plan = await planOf(office, connection, code, people.slice(from, from + LOT), { faults, taken })
      if (faults.length > 0) continue
      await writePlan(connection, plan, at, actor.login)
      sums.added += plan.added.length
      sums.linked += plan.links.length
      sums.unchanged += plan.unchanged
    }
    if (faults.length > 0)
      return { ...refused('employees_wrong', { file: file.name }), faults: faults.slice(0, MOST_FAULTS) }
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.employees',
      object: { kind: 'employer', id: code },
      details: sums,
    })
    return sums
  })
}

async function readPeople(office: Office, file: Upload, input: ReadOptions): Promise<readonly Person[] | Refused> {
  const list = await openList(file, input, REQUIRED)
  if (isRefused(list)) return list
  const prefixes = await cardPrefixes(office)
  const people: Person[] = []
  const faults: Fault[] = []
  const seen = new Set<string>()
  for await (const row of list.rows()) {
    if (isRefused(row)) return row
    const person = personOf(office, row, prefixes)
    if (isRefused(person)) faults.push(wrongRow(row.line, person))
    else if (seen.has(person.number)) {
      faults.push({ ...placeOf(row.line), text: 'the number is there twice', pl: 'numer występuje dwa razy' })
    } else {
      people.push(person)
      seen.add(person.number)
    }
  }
  if (faults.length > 0)
    return { ...refused('employees_wrong', { file: file.name }), faults: faults.slice(0, MOST_FAULTS) }
  return people
}

const placeOf = (line: number) => ({ at: `row ${line}`, line })
const wrongRow = (line: number, refusal: Refused): Fault => ({
  ...placeOf(line),
  text: refusalPhrase(refusal, 'en'),
  pl: refusalPhrase(refusal, 'pl'),
})

function personOf(office: Office, { line, cell, surplus }: ListRow, prefixes: readonly string[]): Person | Refused {
  const text = (column: ListColumn): string => cell(column).text.trim()
  const [number, name, email, card] = [text('employee'), text('name'), text('email'), text('card')]
  if (number === '' || number.length > 40 || name === '' || name.length > 100 || email.length > 254) {
    return refused('employee_incomplete')
  }
  if (surplus !== null) return refused('row_with_surplus_cell')
  if (holdsCardNumber(`${number} ; ${name}`, prefixes)) return refused('card_in_wrong_column')
  if (card === '') return { line, number, name, email: email === '' ? null : email, card: null }
  const read = readNumber(office.keys(), card, THE_CARD)
  return isRefused(read) ? read : { line, number, name, email: email === '' ? null : email, card: read }
}

/** The faults so far, and the cards of earlier rows. */
type Found = { readonly faults: Fault[]; readonly taken: Set<number> }
type NewLink = Omit<Link, 'at' | 'who'>
type Plan = { readonly added: readonly NewEmployee[]; readonly links: readonly NewLink[]; readonly unchanged: number }

async function planOf(
  office: Office,
  connection: WorkerConnection,
  employer: string,
  people: readonly Person[],
  found: Found,
): Promise<Plan> {
  const [rows = []] = await connection.send(
    selectEmployeesNumbered(
      employer,
      people.map(({ number }) => number),
    ),
  )
  const there = new Map(rows.map(toEmployee).map((employee) => [employee.number, employee]))
  const cards = await cardsOf(connection, people)
  const ids = [...cards.values()].map(({ id }) => id)
  const [held = []] = ids.length === 0 ? [] : await connection.send(selectHolders(ids))
  const holders = new Map(held.map(toHolder).map((holder) => [holder.cardId, holder]))
  const added: NewEmployee[] = []
  const links: NewLink[] = []
  let unchanged = 0
  for (const person of people) {
    const employee = there.get(person.number) ?? null
    const card = cardOf(employer, person, employee, cards, holders, found)
    const id = employee?.id ?? office.nextId()
    if (employee === null)
      added.push({ id, employer, number: person.number, name: person.name, email: person.email, cardId: null })
    if (card !== null && card.id !== employee?.cardId) {
      links.push({ id: office.nextId(), employeeId: id, beforeId: employee?.cardId ?? null, cardId: card.id })
    } else if (employee !== null) unchanged += 1
  }
  return { added, links, unchanged }
}

function cardOf(
  employer: string,
  { line, card: named }: Person,
  employee: Employee | null,
  cards: ReadonlyMap<string, CheckedCard>,
  holders: ReadonlyMap<number, { readonly id: number }>,
  { faults, taken }: Found,
): CheckedCard | null {
  if (named === null) return null
  const card = cards.get(named.numberHash) ?? cards.get(named.otherHash ?? '')
  const fault = (refusal: Refused): null => {
    faults.push(wrongRow(line, refusal))
    return null
  }
  if (card === undefined) return fault(refused('no_such_number', { card: named.shown }))
  if (card.counterparty !== null && card.counterparty !== employer)
    return fault(refused('card_not_for_employer', { card: named.shown }))
  const holder = holders.get(card.id)
  const isHeld = taken.has(card.id) || (holder !== undefined && holder.id !== employee?.id)
  taken.add(card.id)
  return isHeld ? fault(refused('card_has_holder', { card: named.shown })) : card
}

async function cardsOf(
  connection: WorkerConnection,
  people: readonly Person[],
): Promise<ReadonlyMap<string, CheckedCard>> {
  const hashes = people.flatMap(({ card }) => (card === null ? [] : [card.numberHash, ...(card.otherHash === null ? [] : [card.otherHash])])) // prettier-ignore
  if (hashes.length === 0) return new Map()
  const [rows = []] = await connection.send(selectCheckedCardsOfNumbers(hashes))
  return new Map(rows.map(toCheckedCard).map((card) => [card.numberHash, card]))
}

async function writePlan(connection: WorkerConnection, { added, links }: Plan, at: number, who: string): Promise<void> {
  if (added.length > 0) await connection.send(insertEmployees(added))
  if (links.length === 0) return
  await connection.send(insertLinks(links.map((link) => ({ ...link, at, who }))))
  await connection.send(links.map(({ employeeId, cardId }) => setEmployeeCard(employeeId, cardId)).join(';'))
}
