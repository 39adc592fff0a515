import { ORDER_ID } from '../schema.ts'
import { problem, type Problem } from '../problem.ts'

/** The parameters of lists, and how the document describes them. */
export const QUERY_PARAMETERS = {
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  cursor: { type: 'string' },
  after: { type: 'string', description: 'id of an event' },
  orderId: { type: 'string', ...ORDER_ID },
  status: { type: 'string', enum: ['unconfirmed', 'confirmed', 'cancelled', 'reversed'] },
} as const
export type QueryParameter = keyof typeof QUERY_PARAMETERS

/** Null: not a number from 1 to 100. */
export function readLimit(query: ReadonlyMap<string, string>): number | null {
  const said = query.get('limit') ?? '20'
  const limit = /^\d{1,3}$/u.test(said) ? Number(said) : 0
  return limit >= 1 && limit <= 100 ? limit : null
}

/** Whether an order can have this id; its column is ASCII. */
export const isOrderId = (said: string): boolean => said.length <= ORDER_ID.maxLength && ORDER_ID_FORM.test(said)
const ORDER_ID_FORM = new RegExp(ORDER_ID.pattern, 'u')

export const badQuery = (name: string): Problem =>
  problem('invalid_request', {
    pointer: '',
    detail: {
      en: `The query parameter ${name.slice(0, 40)} is not known here or not valid.`,
      pl: `Parametr zapytania ${name.slice(0, 40)} nie jest tu znany lub jest nieprawidłowy.`,
    },
  })
