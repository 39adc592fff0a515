import { Type } from 'typebox'
import { MONEY_SCOPES } from '../../office/api-key.ts'
import { findRequest, reverse, type FoundRequest } from '../../office/shop-reversals.ts'
import { answerOfRequest } from '../../office/shop-replay.ts'
import { isShopNo } from '../../office/shop-refusal.ts'
import { problemOfNo } from '../problem-of-result.ts'
import { problem, problemBody } from '../problem.ts'
import { PROBLEMS } from '../problems.ts'
import { CLOSED } from '../schema.ts'
import { type Call, endpoint } from './endpoint.ts'

const IDEMPOTENCY_KEY = '^[\\x21-\\x7e]{1,64}$'

export const REQUEST_ENDPOINTS = [
  endpoint({
    method: 'GET',
    path: '/requests/{idempotencyKey}',
    summary: 'What a request under this Idempotency-Key was answered',
    scopes: MONEY_SCOPES,
    body: null,
    answers: {
      200: Type.Object(
        { method: Type.String(), path: Type.String(), status: Type.Integer(), body: Type.Unknown(), at: Type.String() },
        CLOSED,
      ),
    },
    async handle(call) {
      const key = call.params['idempotencyKey'] ?? ''
      // Checked before the search, so that a request that ends in between is found.
      const isUnderway = call.isUnderway(key)
      const found = await findRequest(call.office, call.caller, key)
      if (found !== null) return { status: 200, body: await shown(call, found) }
      return problem(isUnderway ? 'in_progress' : 'not_found')
    },
  }),
  endpoint({
    method: 'POST',
    path: '/reversals',
    summary: 'Make sure that a request whose answer was lost has no effect',
    scopes: MONEY_SCOPES,
    body: Type.Object({ idempotencyKey: Type.String({ pattern: IDEMPOTENCY_KEY }) }, CLOSED),
    answers: {
      200: Type.Object({ result: Type.Enum(['reversed', 'nothing_to_reverse', 'case']) }, CLOSED),
    },
    async handle({ office, caller, body, budgets }) {
      if ((await findRequest(office, caller, body.idempotencyKey)) === null) {
        const retryAfterSeconds = budgets.unknownKeys.take(caller.shop.code)
        if (retryAfterSeconds !== null) return problem('too_many_requests', { retryAfterSeconds })
      }
      const result = await reverse(office, caller, body.idempotencyKey)
      return result === null ? problem('unavailable', { retryAfterSeconds: 2 }) : { status: 200, body: { result } }
    },
  }),
]

/** The request and its answer, as a replay would show them. */
async function shown({ office }: Call<unknown>, { row, kept }: FoundRequest): Promise<object> {
  const answer = await answerOfRequest(office, row, kept)
  const original = { method: kept.method, path: kept.path, at: new Date(row.at).toISOString() }
  if (!isShopNo(answer)) return { ...original, status: answer.status, body: answer.body }
  const said = problemOfNo(answer)
  return { ...original, status: PROBLEMS[said.problem].status, body: problemBody(said, kept.requestId, kept.language) }
}
