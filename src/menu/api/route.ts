import type { Static, TObject, TSchema } from 'typebox'
import type { Right } from '../../office/rights-table.ts'

/**
 * The callers of a route: everybody, signed-in persons, or persons with one of these rights. Use cases check rights
 * themselves, including stores and four eyes; this is for the test that calls every route with every role.
 */
export type Access = 'anyone' | 'signedIn' | readonly Right[]

/** One route: all that the server, the browser app and the tests have to know about it. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `:name` stands for a member of `params`. */
  readonly path: `/api/${string}`
  readonly access: Access
  /** Authentication again, if a right among `access` is marked ◆◆; `always`: for any right. */
  readonly proof?: 'byRight' | 'always'
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TSchema
  /** Null: 204 without a body. */
  readonly answer: TSchema | null
}

type Part<R extends Route, Name extends 'params' | 'query' | 'body'> =
  R extends Readonly<Record<Name, infer S extends TSchema>> ? Static<S> : undefined

export type ParamsOf<R extends Route> = Part<R, 'params'>
export type QueryOf<R extends Route> = Part<R, 'query'>
export type BodyOf<R extends Route> = Part<R, 'body'>
export type AnswerOf<R extends Route> = R['answer'] extends TSchema ? Static<R['answer']> : null
