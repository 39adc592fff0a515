import { lookup } from 'node:dns/promises'
import { Agent as HttpAgent, type IncomingMessage, request as requestInClear } from 'node:http'
import { Agent as HttpsAgent, request as requestByTls } from 'node:https'
import { isIP } from 'node:net'
import { isLoopback, isPublicAddress } from './public-address.ts'

/** Addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export type ConnectorParts = {
  /** In a demo webhooks may be sent to this machine, also without TLS. */
  readonly loopback: boolean
  readonly resolve: Resolve
}

export const resolveHost: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

/** Why nothing may be sent to a URL. */
export type UrlFault = 'not_a_url' | 'not_https' | 'has_credentials' | 'does_not_resolve' | 'address_not_public'

/** The target of a message: a URL and the validated addresses of its name, in the order of the resolver. */
export type Target = { readonly url: URL; readonly addresses: readonly [string, ...string[]] }

/** A DNS name that does not resolve in time fails. */
const RESOLVE_MS = 5_000

/**
 * Resolves a URL and checks whether a message may be sent to it. Every address of its host name must be public: a name that
 * also resolves to an address of this network is refused. Called for each message, because names may resolve differently later.
 */
export async function findTarget(
  { loopback, resolve }: ConnectorParts,
  text: string,
): Promise<Target | { readonly fault: UrlFault }> {
  if (!URL.canParse(text)) return { fault: 'not_a_url' }
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { fault: 'not_https' }
  if (url.username !== '' || url.password !== '') return { fault: 'has_credentials' }
  const addresses = await addressesOf(url, resolve)
  const [address, ...others] = addresses
  if (address === undefined) return { fault: 'does_not_resolve' }
  const isHere = loopback && addresses.every(isLoopback)
  if (!isHere && url.protocol !== 'https:') return { fault: 'not_https' }
  if (!isHere && !addresses.every(isPublicAddress)) return { fault: 'address_not_public' }
  return { url, addresses: [address, ...others] }
}

async function addressesOf({ hostname }: URL, resolve: Resolve): Promise<readonly string[]> {
  const host = hostname.replace(/^\[|\]$/gu, '')
  if (isIP(host) !== 0) return [host]
  const late = new Promise<readonly string[]>((settle) => {
    setTimeout(() => settle([]), RESOLVE_MS).unref()
  })
  return Promise.race([resolve(host).catch(() => []), late])
}

export type Sent = { readonly status: number; readonly fault: null } | { readonly status: null; readonly fault: string }

/** The time limit for connection, headers and status together (docs/spec/web.md, section 6). */
export const ANSWER_MS = 15_000

/** The largest answer that is read before the connection is closed. */
const ANSWER_BYTES = 16 * 1024
/** How long an idle connection stays open, and the number of idle connections for each address. */
const LINES = { keepAlive: true, maxFreeSockets: 32, timeout: 5_000 } as const
/** Connections are kept by address and name, so that a message only goes to an address that was checked for it. */
const inClear = new HttpAgent(LINES)
const byTls = new HttpsAgent(LINES)

/** Errors before anything was sent, because of a missing route or a closed port: the next address of the name is tried. */
const NOT_REACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])
/** The most addresses of a name that are tried. */
const ADDRESSES_TRIED = 4

/**
 * Posts a message to a validated address under the host name of the URL. Redirections are not followed. The body of the
 * answer is discarded.
 *
 * @param answerMs ms for all addresses together
 */
export async function post(
  { url, addresses }: Target,
  headers: Readonly<Record<string, string>>,
  body: string,
  stop: AbortSignal,
  answerMs = ANSWER_MS,
): Promise<Sent> {
  const by = performance.now() + answerMs
  let sent: Sent = { status: null, fault: 'timeout' }
  for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
    sent = await postTo({ url, address, by }, headers, body, stop)
    if (sent.fault === null || !NOT_REACHED.has(sent.fault) || performance.now() >= by) return sent
  }
  return sent
}

/** One address of a name, and the monotonic time by which it must answer. */
type Receiver = { readonly url: URL; readonly address: string; readonly by: number }

async function postTo(...message: Parameters<typeof postOnce>): Promise<Sent> {
  const first = await postOnce(...message)
  // The receiver may close an idle connection just when the message is sent. That is not a failure of the receiver, so the
  // message is sent again.
  const second = first === 'line was closed' ? await postOnce(...message) : first
  return second === 'line was closed' ? { status: null, fault: 'ECONNRESET' } : second
}

function postOnce(
  { url, address, by }: Receiver,
  headers: Readonly<Record<string, string>>,
  body: string,
  stop: AbortSignal,
): Promise<Sent | 'line was closed'> {
  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/gu, '')
  return new Promise((settle) => {
    const options = {
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      // The connection goes to the address, but the certificate is checked against the name.
      ...(isTls && isIP(host) === 0 ? { servername: host } : {}),
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
      agent: isTls ? byTls : inClear,
    } as const
    const request = isTls ? requestByTls(options) : requestInClear(options)
    let isLate = false
    const giveUp = (): void => {
      isLate = true
      request.destroy()
    }
    const timer = setTimeout(giveUp, Math.max(0, by - performance.now()))
    stop.addEventListener('abort', giveUp)
    const end = (sent: Sent | 'line was closed'): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', giveUp)
      settle(sent)
    }
    request.on('response', (response) => {
      end({ status: response.statusCode ?? 0, fault: null })
      drain(response)
    })
    request.on('error', (error: Error & { code?: string }) => {
      if (isLate) end({ status: null, fault: 'timeout' })
      else if (request.reusedSocket && CLOSED.has(error.code ?? '')) end('line was closed')
      else end({ status: null, fault: (error.code ?? error.name).slice(0, 40) })
    })
    // After an answer 101, Node closes the connection without any other event.
    request.on('close', () => end({ status: null, fault: isLate ? 'timeout' : 'ECONNRESET' }))
    if (stop.aborted) giveUp()
    request.end(body)
  })
}

const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])

/** Reads a short answer to its end, so that the connection can be used again; closes the connection after a long or slow one. */
function drain(response: IncomingMessage): void {
  let bytes = 0
  const late = setTimeout(() => response.destroy(), 1_000).unref()
  response.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > ANSWER_BYTES) response.destroy()
  })
  response.on('error', () => {})
  response.on('close', () => clearTimeout(late))
}
