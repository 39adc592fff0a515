import { AkartProblem } from './problem.ts'
import type { Operations } from './types.ts'

export { AkartProblem }
export type * from './types.ts'

export type ClientOptions = {
  /** The address of AkartWeb: https://gift.example */
  readonly url: string
  /** A secret key: akart_live_…, which stays in your server. */
  readonly key: string
  /** How often a request with an unknown outcome is repeated under the same key. */
  readonly repeats?: number
  /** ms for one try. */
  readonly timeoutMs?: number
}

type Path = keyof Operations
type Body<Name extends Path> = Operations[Name]['body']
type Answer<Name extends Path> = Operations[Name]['answer']

export type CallOptions = {
  /** Values of the path's placeholders. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  /** Mandatory for requests that move money: a new one for each request, kept until its answer is known. */
  readonly idempotencyKey?: string
  /** The customer's address, so that wrong guesses lock only that address. */
  readonly customerAddress?: string
  readonly language?: 'en' | 'pl'
}

export type Client = {
  /**
   * Calls an endpoint by its name in the document: `call('POST /payments', { card, amount }, { idempotencyKey })`. If the
   * outcome is unknown, the request is repeated under the same key, which books once.
   *
   * @throws AkartProblem if Akart refuses the request; TypeError if Akart was not reached
   */
  readonly call: <Name extends Path>(name: Name, body: Body<Name>, options?: CallOptions) => Promise<Answer<Name>>
}

const REPEATS = 4
const TIMEOUT_MS = 35_000
const FIRST_PAUSE_MS = 250
/** Undecided or unknown: repeating the request gives the outcome. */
const PASSING: ReadonlySet<number> = new Set([503, 504])

export function createClient({ url, key, repeats = REPEATS, timeoutMs = TIMEOUT_MS }: ClientOptions): Client {
  return {
    async call(name, body, options = {}) {
      const [method = '', path = ''] = name.split(' ')
      const target = `${url.replace(/\/$/u, '')}/api/v1${filled(path, options.params ?? {})}${queryText(options.query)}`
      const isSafe = method === 'GET' || options.idempotencyKey !== undefined
      for (let tried = 0; ; tried++) {
        const mayRepeat = isSafe && tried < repeats
        try {
          const answer = await fetch(target, requestOf(method, key, body, options, timeoutMs))
          const text = await answer.text()
          if (answer.ok) return (text === '' ? null : JSON.parse(text)) as Answer<typeof name>
          const problem = new AkartProblem(answer.status, JSON.parse(text))
          if (!mayRepeat || !isPassing(problem)) throw problem
          await pause(tried, answer.headers.get('retry-after'))
        } catch (error) {
          if (error instanceof AkartProblem || !mayRepeat) throw error
          await pause(tried, null)
        }
      }
    },
  }
}

const isPassing = ({ status, problem }: AkartProblem): boolean => PASSING.has(status) || problem.code === 'in_progress'

function requestOf(method: string, key: string, body: unknown, options: CallOptions, timeoutMs: number): RequestInit {
  const { idempotencyKey, customerAddress, language } = options
  return {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(customerAddress === undefined ? {} : { 'akart-customer-address': customerAddress }),
      ...(language === undefined ? {} : { 'accept-language': language }),
    },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }
}

const filled = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new TypeError(`${path} wants params.${name}`)
    return encodeURIComponent(value)
  })

function queryText(query: CallOptions['query']): string {
  if (query === undefined) return ''
  return `?${new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))).toString()}`
}

const pause = (tried: number, retryAfter: string | null): Promise<void> =>
  new Promise((resolve) => {
    const asked = retryAfter === null ? 0 : Number(retryAfter) * 1000
    setTimeout(resolve, Math.max(asked, FIRST_PAUSE_MS * 2 ** tried * (0.5 + Math.random())))
  })
