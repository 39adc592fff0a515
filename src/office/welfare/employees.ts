import type { CardView } from '../../db/sql/card-views.ts'
import {
  type Employee,
  insertEmployees,
  insertLinks,
  lockEmployee,
  selectEmployee,
  selectEmployees,
  selectHolders,
  setEmployeeCard,
  setEmployeeLeft,
  toEmployee,
} from '../../db/sql/employees.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { selectPackCounterparty } from '../../db/sql/pack-rows.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { cardNamed } from '../card-finding.ts'
import { cardPrefixes, holdsCardNumber } from '../card-in-text.ts'
import { type CardRef, readCardName } from '../card-name.ts'
import { inTransaction, type Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { hasControls } from '../../text/controls.ts'
import { openEmployer } from './employers.ts'

export type { Employee }

export type EmployeeRef = { readonly employer: string; readonly number: string }

export async function listEmployees(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { employer, words = '', after = '', most = 200 }: { employer: string; words?: string; after?: string; most?: number },
): Promise<readonly Employee[] | Refused> {
  const no = mayDo(actor, 'welfare.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectEmployees(employer, words, after, most)),
  )
  return rows.map(toEmployee)
}

export type NewEmployeeInput = EmployeeRef & {
  readonly name: string
  readonly email: string | null
  readonly card: CardRef | null
}

export async function addEmployee(office: Office, actor: Actor, input: NewEmployeeInput): Promise<Employee | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const [typed, named] = [input.number.trim(), input.name.trim()]
  if (!isText(typed, 40) || !isText(named, 100)) return refused('employee_incomplete')
  if (holdsCardNumber(`${typed} ; ${named}`, await cardPrefixes(office))) return refused('card_in_wrong_column')
  const at = office.clock()
  const [id, linkId] = [office.nextId(), office.nextId()]
  return inTransaction(office, async (connection) => {
    const employer = await openEmployer(connection, input.employer)
    if (isRefused(employer)) return employer
    const [[there] = []] = await connection.send(selectEmployee(input.employer, typed))
    if (there !== undefined) return refused('employee_there', { code: input.employer, number: typed })
    const card = input.card === null ? null : await freeCard(office, connection, input.employer, input.card)
    if (isRefused(card)) return card
    const { employer: code, email } = input
    const cardId = card?.id ?? null
    await connection.send(insertEmployees([{ id, employer: code, number: typed, name: named, email, cardId }]))
    if (cardId !== null) {
      await connection.send(insertLinks([{ id: linkId, employeeId: id, beforeId: null, cardId, at, who: actor.login }]))
    }
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.employee.add',
      object: { kind: 'employee', id },
      details: { employer: code, number: typed, card: cardId },
    })
    return employeeOf(connection, { employer: code, number: typed })
  })
}

/** One line of text, not empty, of at most `most` characters. */
const isText = (text: string, most: number): boolean => text !== '' && text.length <= most && !hasControls(text)

/** Links a card to an employee, or another one; null removes it. The former card keeps its balance. */
export async function linkCard(
  office: Office,
  actor: Actor,
  { card: ref, ...who }: EmployeeRef & { readonly card: CardRef | null },
): Promise<Employee | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const at = office.clock()
  const id = office.nextId()
  return inTransaction(office, async (connection) => {
    await connection.send(lockEmployee(who.employer, who.number))
    const employee = await employeeOf(connection, who)
    if (isRefused(employee)) return employee
    if (employee.state === 'left' && ref !== null) return refused('employee_gone', { number: who.number })
    const card = ref === null ? null : await freeCard(office, connection, who.employer, ref, employee.id)
    if (isRefused(card)) return card
    const cardId = card?.id ?? null
    if (cardId === employee.cardId) return employee
    const link = { id, employeeId: employee.id, beforeId: employee.cardId, cardId, at, who: actor.login }
    await connection.send(`${setEmployeeCard(employee.id, cardId)};${insertLinks([link])}`)
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.employee.link',
      object: { kind: 'employee', id: employee.id },
      details: { employer: who.employer, number: who.number, before: employee.cardId, card: cardId },
    })
    return employeeOf(connection, who)
  })
}

/** An employee leaves: no more loads; unspent money is recalled. */
export async function employeeLeaves(office: Office, actor: Actor, who: EmployeeRef): Promise<Employee | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    await connection.send(lockEmployee(who.employer, who.number))
    const employee = await employeeOf(connection, who)
    if (isRefused(employee)) return employee
    await connection.send(setEmployeeLeft(employee.id))
    const details = { employer: who.employer, number: who.number }
    const object = { kind: 'employee', id: employee.id }
    await putOnRecord(connection, office, actor, at, { action: 'welfare.employee.leave', object, details })
    return employeeOf(connection, who)
  })
}

export async function employeeOf(
  connection: WorkerConnection,
  { employer, number }: EmployeeRef,
): Promise<Employee | Refused> {
  const [[row] = []] = await connection.send(selectEmployee(employer, number))
  return row === undefined ? refused('no_such_employee', { code: employer, number }) : toEmployee(row)
}

/** A card of this employer without a holder. */
export async function freeCard(
  office: Office,
  connection: WorkerConnection,
  employer: string,
  ref: CardRef,
  mayHold: number | null = null,
): Promise<CardView | Refused> {
  const name = readCardName(office.keys, ref)
  if (isRefused(name)) return name
  const card = await cardNamed(office, name)
  if (isRefused(card)) return card
  const [[pack] = []] = card.packId === null ? [] : await connection.send(selectPackCounterparty(card.packId))
  const counterparty = pack?.[0] ?? null
  if (counterparty !== null && counterparty !== employer) return refused('card_not_for_employer', { card: card.shown })
  const [[holder] = []] = await connection.send(selectHolders([card.id]))
  if (holder !== undefined && Number(holder[1]) !== mayHold) return refused('card_has_holder', { card: card.shown })
  return card
}
