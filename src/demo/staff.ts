import type { CardKeys } from '../cards/keys.ts'
import { type CardPlan, plannedNumbers } from '../cards/made-card.ts'
import { FIRST_PLACE } from '../cards/number-space.ts'

/** The demo's employer and its people; the cards of STAFF are theirs. */
export const DEMO_EMPLOYER = { code: 'FABRYKA', name: 'Fabryka Demo', currency: 985, yearlyLimit: 1_000_00 } as const

export const STAFF = { code: 'STAFF', name: 'Employee card', prefix: '629913', length: 16, cards: 30 } as const

/** Each employee's card was sold with this on it. */
export const STAFF_OPENING = 50_00

const NAMES = [
  'Anna Baran', 'Bartosz Cieślak', 'Celina Duda', 'Damian Figura', 'Ewa Gajda', 'Filip Hajduk', 'Grażyna Iwan',
  'Hubert Janik', 'Irena Kasprzak', 'Jakub Lasota', 'Karolina Łoza', 'Leszek Mróz', 'Małgorzata Nitka',
  'Norbert Olszak', 'Olga Pająk', 'Paweł Rosa', 'Renata Sroka', 'Szymon Świtała', 'Teresa Urban', 'Wojciech Żak',
] as const // prettier-ignore

export type DemoEmployee = { readonly number: string; readonly name: string; readonly serial: number }

/** Of 30 cards 20 are employees'; the others lie in a pack of the employer's. */
export const demoEmployees: readonly DemoEmployee[] = NAMES.map((name, i) => ({
  number: String(1001 + i),
  name,
  serial: i + 1,
}))

export const staffPlan = (issueId: number, firstId: number): CardPlan => ({
  issueId,
  firstId,
  prefix: STAFF.prefix,
  length: STAFF.length,
  body: 'scrambled',
  firstPlace: FIRST_PLACE,
  ean: null,
  ecodeSeed: null,
  validUntil: null,
})

/** Numbers by serial, from 1. */
export const staffNumbers = (keys: CardKeys): readonly string[] =>
  plannedNumbers(keys, staffPlan(0, 0), { first: 1, count: STAFF.cards })
