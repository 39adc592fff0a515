import { lookup } from 'node:dns/promises'
import { request as requestInClear } from 'node:http'
import { request as requestByTls } from 'node:https'
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

/** Where a message goes: a URL, and the one address of it that was checked. */
export type Target = { readonly url: URL; readonly address: string }

/** A name that never answers holds nobody up. */
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
  const [address] = addresses
  if (address === undefined) return { fault: 'does_not_resolve' }
  const isHere = loopback && addresses.every(isLoopback)
  if (!isHere && url.protocol !== 'https:') return { fault: 'not_https' }
  if (!isHere && !addresses.every(isPublicAddress)) return { fault: 'address_not_public' }
  return { url, address }
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

const ANSWER_MS = 15_000

/**
 * Posts a message to the address that was checked, under the name of the URL. Redirections are answers like others: nobody
 * is led elsewhere. What stands in the answer is not read.
 */
export async function post(
  { url, address }: Target,
  headers: Readonly<Record<string, string>>,
  body: string,
  stop: AbortSignal,
): Promise<Sent> {
  const isTls = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/gu, '')
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)])
  return new Promise((settle) => {
    const options = {
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      // By name, though the connection goes to the address: certificates are checked against the name.
      ...(isTls && isIP(host) === 0 ? { servername: host } : {}),
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
      signal,
      agent: false,
    } as const
    const request = isTls ? requestByTls(options) : requestInClear(options)
    request.on('response', (response) => {
      settle({ status: response.statusCode ?? 0, fault: null })
      response.destroy()
    })
    request.on('error', (error: Error & { code?: string }) => {
      settle({ status: null, fault: signal.aborted ? 'timeout' : (error.code ?? error.name).slice(0, 40) })
    })
    request.end(body)
  })
}
