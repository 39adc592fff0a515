import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { HttpAnswer } from './answer.ts'

/** A request as an API reads it, from Fastify or from here. */
export type ApiRequest = {
  /** Ours. */
  readonly id: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The client's, behind proxies. */
  readonly address: string
  readonly params: Readonly<Record<string, string>>
}

/** Answers a request with its whole body; never rejects. */
export type DirectAnswer = (request: ApiRequest, body: Buffer) => Promise<HttpAnswer>

type Route = { readonly parameter: string | null; readonly answer: DirectAnswer }

/** The routes that are answered without Fastify. */
export type DirectRoutes = {
  /** @param path as a route of Fastify, with at most one parameter: `/payments/:id/confirm` */
  readonly add: (path: string, answer: DirectAnswer) => void
  readonly at: (url: string) => { readonly answer: DirectAnswer; readonly params: ApiRequest['params'] } | null
}

const NO_PARAMS: ApiRequest['params'] = {}
const WITH_PARAMETER = /^(\/[\w/-]+\/)([\w-]{1,200})(\/[a-z-]+)$/u

export function directRoutes(): DirectRoutes {
  const routes = new Map<string, Route>()
  return {
    add(path, answer) {
      const [, parameter = null] = /:(\w+)/u.exec(path) ?? []
      routes.set(path.replace(/:\w+/u, ':'), { parameter, answer })
    },
    at(url) {
      const route = routes.get(url)
      if (route !== undefined) return { answer: route.answer, params: NO_PARAMS }
      const [, before = '', value = '', after = ''] = WITH_PARAMETER.exec(url) ?? []
      const other = routes.get(`${before}:${after}`)
      if (other === undefined || other.parameter === null) return null
      return { answer: other.answer, params: { [other.parameter]: value } }
    },
  }
}

export type DirectParts = {
  readonly routes: DirectRoutes
  readonly bodyLimit: number
  readonly newId: () => string
  readonly addressOf: (request: IncomingMessage) => string
  /** Whether Fastify would let the request through to its route: its host name is known, and the site is not closing. */
  readonly isOpenTo: (request: IncomingMessage) => boolean
  /** The headers that every answer of the site has, and those that it has unless its route says something else. */
  readonly headers: { readonly always: HttpAnswer['headers']; readonly unlessSaid: HttpAnswer['headers'] }
}

/**
 * Answers POST requests of the given routes without Fastify, which costs a payment a tenth of its processor time (decision
 * 0460). It takes only requests whose head is plain: JSON with a length within the limit, a path without a query, a known
 * host. Every other one goes to `otherwise`, which is Fastify with the same routes, so that each refusal has one place.
 */
export function directly(parts: DirectParts, otherwise: RequestListener): RequestListener {
  const { routes, newId, addressOf, isOpenTo } = parts
  const always = Object.entries(parts.headers.always).flat()
  const unlessSaid = Object.entries(parts.headers.unlessSaid)
  return (raw, response) => {
    const route = raw.method === 'POST' && isPlain(raw, parts.bodyLimit) ? routes.at(raw.url ?? '') : null
    if (route === null || !isOpenTo(raw)) {
      otherwise(raw, response)
      return
    }
    const request = {
      id: newId(),
      url: raw.url ?? '',
      headers: raw.headers,
      address: addressOf(raw),
      params: route.params,
    }
    whenRead(raw, (body) => {
      void route.answer(request, body).then((answer) => {
        const said = [...always, 'x-request-id', request.id]
        for (const [name, value] of unlessSaid) if (answer.headers[name] === undefined) said.push(name, value)
        write(response, answer, said)
      })
    })
  }
}

const JSON_TYPES: ReadonlySet<string | undefined> = new Set(['application/json', 'application/json; charset=utf-8'])

function isPlain({ headers, httpVersionMinor }: IncomingMessage, bodyLimit: number): boolean {
  // Node has compared the length with the framing before; a body of this length is all that it will deliver.
  const length = Number(headers['content-length'])
  return (
    length > 0 &&
    length <= bodyLimit &&
    JSON_TYPES.has(headers['content-type']) &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    headers.upgrade === undefined &&
    httpVersionMinor === 1
  )
}

/** A client that leaves before its body is complete gets no answer; `timesFor` bounds how long it may take. */
function whenRead(raw: IncomingMessage, then: (body: Buffer) => void): void {
  const parts: Buffer[] = []
  raw.on('data', (part: Buffer) => parts.push(part))
  raw.on('end', () => then(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)))
  raw.on('error', () => {})
}

function write(response: ServerResponse, { status, headers, body }: HttpAnswer, said: string[]): void {
  for (const name in headers) said.push(name, headers[name] ?? '')
  if (body !== null) said.push('content-length', String(Buffer.byteLength(body)))
  response.writeHead(status, said)
  response.end(body)
}
