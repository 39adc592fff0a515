import { SetUpError } from '../set-up-error.ts'
import { readCsv } from './csv.ts'

export const cardStates = ['sellable', 'sold', 'blocked', 'expired', 'inactive'] as const
export type CardState = (typeof cardStates)[number]

/** A card of HOME/demo/cards.csv as it was when the database was seeded; tracks without sentinels, minor units. */
export type DemoCard = {
  number: string
  track1: string
  track2: string
  barcode: string
  ecode: string
  issue: string
  state: CardState
  balance: number
}

const columns = ['number', 'track1', 'track2', 'barcode', 'ecode', 'issue', 'state', 'balance'] as const

/** First six and last four: the only way a number is ever shown. */
export function maskNumber(number: string): string {
  return number.length < 12
    ? '*'.repeat(number.length)
    : `${number.slice(0, 6)}${'*'.repeat(number.length - 10)}${number.slice(-4)}`
}

/** For cards of other hosts only the number is mandatory. */
const usual = { track1: '', track2: '', barcode: '', ecode: '', issue: 'OPEN', state: 'sold', balance: '0' } as const

/** Reads the demo cards. Throws a SetUpError naming file and line, never a number. */
export function readCards(text: string, fileName: string): DemoCard[] {
  return readCsv(text, fileName, columns, usual).map(({ line, values }) => {
    const wrong = (what: string) => new SetUpError(`${fileName}:${line}: ${what}`)
    const state = cardStates.find((known) => known === values.state)
    if (!state) throw wrong(`state '${values.state}', expected one of ${cardStates.join(', ')}`)
    if (!/^\d{12,19}$/.test(values.number)) throw wrong('number is not 12 to 19 digits')
    if (!/^\d{1,12}$/.test(values.balance)) throw wrong('balance is not an amount in minor units')
    return { ...values, barcode: values.barcode || values.number, state, balance: Number(values.balance) }
  })
}
