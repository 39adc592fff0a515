import type { Answer, Body, Params, Query, RouteName } from '../../../api.ts'
import { ROUTES } from './routes.ts'
import { unusedHeader } from './use.ts'

export type { Answer, Query, RouteName }

type Values = string | number | boolean | undefined
type Part<Name extends string, Value> = [Value] extends [undefined] ? unknown : { readonly [K in Name]: Value }

/** The input of a route. Query values are sent as text, so text of a URL can be passed on. */
export type Input<N extends RouteName> = Part<'params', Params<N>> &
  Part<'body', Body<N>> & {
    readonly query?: { readonly [K in keyof Query<N>]?: Values }
    readonly signal?: AbortSignal
  }

type Fault = { readonly at: string; readonly line?: number; readonly text: string }

/** The fault of a call: a refusal (RFC 9457), or no answer. `status` 0: no connection. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly pointer: string | undefined
  /** The faults of the parts of a request. */
  readonly faults: readonly Fault[]

  constructor(problem: {
    status: number
    code: string
    detail: string
    requestId: string
    pointer?: string
    faults?: readonly Fault[]
  }) {
    super(problem.detail)
    this.status = problem.status
    this.code = problem.code
    this.requestId = problem.requestId
    this.pointer = problem.pointer
    this.faults = problem.faults ?? []
  }
}

const TIMEOUT_MS = 30_000
/** Time limits of routes with slow searches, which can be cancelled at any time. */
const PATIENCE_MS: Partial<Record<RouteName, number>> = { 'cards.list': 600_000, 'transactions.list': 600_000 }

type Hooks = {
  csrf: string
  language: string
  /** Asks for password and code again; true: proven, so the call is worth repeating. */
  prove: () => Promise<boolean>
  signedOut: () => void
  /** Called after a change: the counters of the navigation may be outdated. */
  changed: () => void
  /** The server answered (true) or could not be reached (false). */
  reached: (isReached: boolean) => void
}

/** The app's reactions to answers that concern no single page. */
export const hooks: Hooks = {
  csrf: '',
  language: 'en',
  prove: () => Promise.resolve(false),
  signedOut: () => undefined,
  changed: () => undefined,
  reached: () => undefined,
}

export async function call<N extends RouteName>(name: N, input: Input<N>): Promise<Answer<N>> {
  try {
    return await send(name, input)
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.status === 401 && !name.startsWith('session.') && !name.startsWith('invitation.')) hooks.signedOut()
    if (error.code !== 'proof_needed' || !(await hooks.prove())) throw error
    return send(name, input)
  }
}

type Loose = {
  readonly params?: Record<string, string>
  readonly query?: Record<string, Values>
  readonly body?: unknown
}

const send = async <N extends RouteName>(name: N, input: Input<N>): Promise<Answer<N>> => {
  const limit = AbortSignal.timeout(PATIENCE_MS[name] ?? TIMEOUT_MS)
  const response = await request(
    name,
    input as Loose,
    input.signal === undefined ? limit : AbortSignal.any([input.signal, limit]),
  )
  return (response.status === 204 ? null : await response.json()) as Answer<N>
}

async function request(name: RouteName, input: Loose, signal?: AbortSignal): Promise<Response> {
  const [method = 'GET', path = ''] = (ROUTES[name] satisfies string).split(' ')
  const { params = {}, query = {}, body } = input
  const response = await reach(urlOf(path, params, query), {
    method,
    headers: {
      'Accept-Language': hooks.language,
      ...unusedHeader(),
      ...(method !== 'GET' && { 'X-CSRF-Token': hooks.csrf }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  })
  if (!response.ok) throw await problemOf(response)
  // After signing out nobody is there for whom a counter is asked for again.
  if (method !== 'GET' && name !== 'session.signOut') hooks.changed()
  return response
}

/** A file that the server writes while it sends it, without a time limit. It is saved under its name once it is complete. */
export async function download<N extends RouteName>(
  name: N,
  input: Input<N>,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  const response = await request(name, input as Loose)
  const fileName = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
    parts.push(next.value)
    onBytes((bytes += next.value.length))
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type: response.headers.get('content-type') ?? '' }))
  link.download = fileName
  link.click()
  URL.revokeObjectURL(link.href)
  return fileName
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init)
    hooks.reached(true)
    return response
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    hooks.reached(false)
    throw new ApiProblem({ status: 0, code: 'no_connection', detail: '', requestId: '' })
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const { status } = response
  const refusal = (await response.json().catch(() => ({}))) as Partial<
    Record<'code' | 'detail' | 'requestId' | 'pointer', string> & { faults: Fault[] }
  >
  return new ApiProblem({
    status,
    code: refusal.code ?? 'unknown',
    detail: refusal.detail ?? response.statusText,
    requestId: refusal.requestId ?? '',
    ...(refusal.pointer !== undefined && { pointer: refusal.pointer }),
    ...(refusal.faults !== undefined && { faults: refusal.faults }),
  })
}

function urlOf(path: string, params: Record<string, string>, query: Record<string, Values>): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value))
  return search.size > 0 ? `${filled}?${search}` : filled
}
