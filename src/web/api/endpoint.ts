import type { Static, TSchema } from 'typebox'
import type { Scope } from '../../office/api-key.ts'
import type { ShopCaller } from '../../office/shop-caller.ts'
import type { WebOffice } from '../../office/web-office.ts'
import type { MinuteBudget } from '../minute-budget.ts'
import type { Problem } from '../problem.ts'
import type { UrlFault } from '../webhook-connector.ts'
import type { QueryParameter } from './query.ts'

/** Limits of a shop's calls that cause more work than an answer (docs/spec/abuse.md, 12 and 20). */
export type CallBudgets = {
  /** The budget of messages that this server sends on the shop's request. */
  readonly sending: MinuteBudget
  /** The budget of reversals that name unknown keys. */
  readonly unknownKeys: MinuteBudget
}

/** The input of a handler: validated, with defaults filled in. */
export type Call<Body> = {
  readonly office: WebOffice
  readonly caller: ShopCaller
  readonly body: Body
  readonly params: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, string>
  /** The Idempotency-Key of endpoints that move money; empty for others. */
  readonly idempotencyKey: string
  readonly method: string
  readonly path: string
  readonly budgets: CallBudgets
  /** Why nothing may be sent to a URL; null: it may. */
  readonly urlFault: (url: string) => Promise<UrlFault | null>
  /** Whether a request under this key is in progress; no, if the caller's scopes do not permit such a request. */
  readonly isUnderway: (idempotencyKey: string) => boolean
}

export type ApiAnswer = {
  readonly status: 200 | 201 | 202 | 204
  readonly body: unknown
  /** Whether this is the stored answer of an earlier request. */
  readonly replayed?: boolean
}

/** One endpoint as data. The server, the OpenAPI document and the tests are generated from it. */
export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with `{id}` for a parameter. */
  readonly path: string
  readonly summary: string
  /** A secret key needs one of these scopes; a publishable key needs `publishable`. */
  readonly scopes: readonly Scope[]
  readonly publishable: boolean
  /** Whether it needs an Idempotency-Key. */
  readonly idempotent: boolean
  /** Whether it names a card by number or token, so that the budgets against guessing apply. */
  readonly namesCard: boolean
  /** Parameters of the query; null: none is read. */
  readonly query: readonly QueryParameter[] | null
  readonly body: TSchema | null
  readonly answers: Readonly<Record<number, TSchema | null>>
  readonly handle: (call: Call<unknown>) => Promise<ApiAnswer | Problem>
}

type Told<Body extends TSchema | null> = Omit<
  Endpoint,
  'publishable' | 'idempotent' | 'namesCard' | 'query' | 'body' | 'handle'
> &
  Partial<Pick<Endpoint, 'publishable' | 'idempotent' | 'namesCard' | 'query'>> & {
    readonly body: Body
    readonly handle: (call: Call<Body extends TSchema ? Static<Body> : null>) => Promise<ApiAnswer | Problem>
  }

/** The handler's body type follows from the schema; the server validates the body before the handler is called. */
export const endpoint = <Body extends TSchema | null>({ handle, ...rest }: Told<Body>): Endpoint => ({
  publishable: false,
  idempotent: false,
  namesCard: false,
  query: null,
  ...rest,
  handle: handle as Endpoint['handle'],
})
