import { lookup } from 'node:dns/promises'
import { Agent as HttpAgent, type IncomingMessage, request as requestInClear } from 'node:http'
import { Agent as HttpsAgent, request as requestByTls } from 'node:https'
import { isIP } from 'node:net'
import { isLoopback, isPublicAddress } from './public-address.ts'

/** Addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export type ConnectorParts = {
  /** Demos may send to this machine, and in the clear to it. */
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
 * Finds out where a URL leads, and whether a message may go there. Every address of its name must be a public one: a name
 * that also leads into this network is not a receiver of ours. Asked anew at each sending, since names move.
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

/** For connection, headers and status together (docs/spec/web.md, section 6). */
export const ANSWER_MS = 15_000

/** The largest answer that is read before the connection is closed. */
const ANSWER_BYTES = 16 * 1024
/** How long a line that nothing goes over stays open, and how many of one address do. */
const LINES = { keepAlive: true, maxFreeSockets: 32, timeout: 5_000 } as const
/** Lines are kept by address and name: each goes to an address that was checked for that very sending. */
const inClear = new HttpAgent(LINES)
const byTls = new HttpsAgent(LINES)

/** What a machine without a route, or a closed port, says before anything was sent: the name's next address may do. */
const NOT_REACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])
/** Of one name. */
const ADDRESSES_TRIED = 4

/**
 * Posts a message to a validated address under the host name of the URL. Redirections are not followed. The body of the
 * answer is discarded.
 *
 * @param answerMs ms for all of it, however many addresses are tried
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

/** One address of a name, and until when it may answer, by the monotonic clock. */
type Receiver = { readonly url: URL; readonly address: string; readonly by: number }

async function postTo(...message: Parameters<typeof postOnce>): Promise<Sent> {
  const first = await postOnce(...message)
  // A connection that the receiver closed while it was idle says nothing about the receiver, so the message is sent
  // again.
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
      // By name, though the connection goes to the address: certificates are checked against the name.
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
    // After an answer 101 node closes the line and says nothing else.
    request.on('close', () => end({ status: null, fault: isLate ? 'timeout' : 'ECONNRESET' }))
    if (stop.aborted) giveUp()
    request.end(body)
  })
}

const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])

/** A short answer is read to its end, so that the line can be used again; a long or slow one ends the line. */
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
