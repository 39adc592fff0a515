import { hkdfSync } from 'node:crypto'
import { code128Text } from '../cards/barcode.ts'
import { checkValue } from '../cards/check-value.ts'
import { DEMO_ISSUES, type DemoIssueCode } from './setting.ts'
import { newEcode, type RandomSource } from '../cards/ecode.ts'
import type { CardKeys } from '../cards/keys.ts'
import { cardNumber } from '../cards/number.ts'
import { NO_EXPIRY } from '../core/card.ts'
import { encodeTrack1, encodeTrack2, SERVICE_CODE } from '../cards/track.ts'

/** `blocked`: sold, then blocked at the customer's request. `inactive`: in a pack that is not activated. */
export type DemoCardState = 'sellable' | 'sold' | 'blocked' | 'expired' | 'inactive'

export type DemoCard = {
  readonly number: string
  /** Both without sentinels, as DE 45 and DE 35 carry them. */
  readonly track1: string
  readonly track2: string
  readonly barcode: string
  readonly ecode: string
  readonly issue: DemoIssueCode
  /** 1…N in its issue; also the body of the number. */
  readonly serial: number
  readonly state: DemoCardState
  /** Minor units. */
  readonly balance: number
  /** The last day, YYYY-MM-DD; null: no end. */
  readonly validUntil: string | null
}

type Lot = Pick<DemoCard, 'issue' | 'state' | 'balance' | 'validUntil'> & { readonly count: number }

/**
 * Serials run on from lot to lot within an issue. The sold ones come first, so that the card of docs/spec/terminal.md, section 9,
 * serial 4, can pay. The expired ones ended in a fixed month that is past on any machine's clock.
 */
const LOTS: readonly Lot[] = [
  { issue: 'OPEN', count: 100, state: 'sold', balance: 150_00, validUntil: null },
  { issue: 'OPEN', count: 100, state: 'sellable', balance: 0, validUntil: null },
  { issue: 'OPEN', count: 5, state: 'blocked', balance: 150_00, validUntil: null },
  { issue: 'OPEN', count: 5, state: 'expired', balance: 150_00, validUntil: '2024-12-31' },
  { issue: 'OPEN', count: 5, state: 'inactive', balance: 0, validUntil: null },
  { issue: 'GIFT50', count: 10, state: 'sold', balance: 50_00, validUntil: null },
  { issue: 'GIFT50', count: 50, state: 'sellable', balance: 0, validUntil: null },
]

/** Bearer cards carry no name, but track 1 requires one. */
const NAME = 'GIFT CARD'
const VERSION = '00'

/** Bytes derived from the card and the keys, the same each time. Only the eCodes of a demo may be made without real random numbers. */
const demoSource = (keys: CardKeys, number: string): RandomSource => {
  let round = 0
  return (bytes) => Buffer.from(hkdfSync('sha256', keys.ecode, number, `akart/demo ecode/${round++}`, bytes))
}

/** YYMM on the stripe: the month of the last day. */
const stripeExpiry = (validUntil: string | null): string =>
  validUntil === null ? NO_EXPIRY : validUntil.slice(2, 4) + validUntil.slice(5, 7)

const demoCard = (keys: CardKeys, lot: Lot, serial: number): DemoCard => {
  const { issue, state, balance, validUntil } = lot
  const { prefix, numberLength } = DEMO_ISSUES[issue]
  const number = cardNumber({ prefix, length: numberLength, body: serial })
  const fields = { number, expiry: stripeExpiry(validUntil), serviceCode: SERVICE_CODE, version: VERSION }
  const stripe = { ...fields, checkValue: checkValue(keys, fields) }
  return {
    number,
    track1: encodeTrack1(stripe, NAME),
    track2: encodeTrack2(stripe),
    barcode: code128Text(number),
    ecode: newEcode(demoSource(keys, number)),
    issue,
    serial,
    state,
    balance,
    validUntil,
  }
}

/** The first serial of a set of demo cards in each issue. */
export type DemoRound = Readonly<Record<DemoIssueCode, number>>

export const FIRST_ROUND: DemoRound = { OPEN: 1, GIFT50: 1 }

/** The cards of one set in an issue. */
export const demoCount = (issue: DemoIssueCode): number =>
  LOTS.reduce((sum, lot) => (lot.issue === issue ? sum + lot.count : sum), 0)

/**
 * A set of demo cards, 275 in the order of issue and serial, the same each time for the same keys (those of `DEMO_MASTER`)
 * and the same first serials.
 */
export const demoCards = (keys: CardKeys, round: DemoRound = FIRST_ROUND): DemoCard[] => {
  const next: Record<DemoIssueCode, number> = { ...round }
  return LOTS.flatMap((lot) => Array.from({ length: lot.count }, () => demoCard(keys, lot, next[lot.issue]++)))
}

/** True if at least six of ten cards of each lot are still unused: enough for all scenarios. */
export const areEnough = (fit: readonly DemoCard[]): boolean =>
  LOTS.every(
    ({ issue, state, count }) =>
      fit.filter((card) => card.issue === issue && card.state === state).length >= 0.6 * count,
  )
