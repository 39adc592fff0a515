import { boolean, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A counterparty that puts money on the cards of its employees. Amounts in minor units of its currency. */
export type Employer = {
  readonly code: string
  readonly name: string
  /** Of its counterparty. */
  readonly state: string
  readonly currency: number
  readonly yearlyLimit: number
  readonly legalNote: string
  readonly paidFirst: boolean
  readonly language: 'en' | 'pl'
  readonly email: string | null
}

export type EmployerSettings = Omit<Employer, 'name' | 'state'>

const COLUMNS = `e.counterparty_code, p.name, p.state, e.currency, e.yearly_limit, e.legal_note, e.paid_first, e.language,
  e.email FROM employers e JOIN counterparties p ON p.code = e.counterparty_code`

export const selectEmployers = `SELECT ${COLUMNS} ORDER BY e.counterparty_code`
export const selectEmployer = (code: string): string => `SELECT ${COLUMNS} WHERE e.counterparty_code = ${text(code)}`

/** Locked while a batch is checked against the others: two checks at once would not see each other's sums. */
export const lockEmployer = (code: string): string =>
  `SELECT counterparty_code FROM employers WHERE counterparty_code = ${text(code)} FOR UPDATE`

export function setEmployer(e: EmployerSettings): string {
  const values = [
    text(e.code),
    integer(e.currency),
    integer(e.yearlyLimit),
    text(e.legalNote),
    boolean(e.paidFirst),
    text(e.language),
    textOrNull(e.email),
  ]
  return `INSERT INTO employers (counterparty_code, currency, yearly_limit, legal_note, paid_first, language, email)
    VALUES (${values.join(',')})
    ON DUPLICATE KEY UPDATE yearly_limit = VALUES(yearly_limit), legal_note = VALUES(legal_note),
      paid_first = VALUES(paid_first), language = VALUES(language), email = VALUES(email)`
}

export function toEmployer(row: Row): Employer {
  const [code, name, state, currency, yearlyLimit, legalNote, paidFirst, language, email] = row as [
    string, string, string, number, number, string, number, string, string | null,
  ] // prettier-ignore
  return {
    code,
    name,
    state,
    currency,
    yearlyLimit,
    legalNote,
    paidFirst: paidFirst === 1,
    language: oneOf(['en', 'pl'] as const, language),
    email,
  }
}
