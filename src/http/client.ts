import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Who asks, and under which host name, behind the reverse proxies of `trustProxy` (docs/spec/abuse.md, 20). */
export type ClientReader = {
  readonly isProxy: (address: string) => boolean
  /** The right-most address that is not a proxy's; the left-most one if all are. */
  readonly addressOf: (request: IncomingMessage) => string
  /** The host name and port that the client named. */
  readonly hostOf: (request: IncomingMessage) => string
}

export function clientReader(trustProxy: readonly string[]): ClientReader {
  const isProxy = networks(trustProxy)
  const isByProxy = ({ socket }: IncomingMessage): boolean =>
    trustProxy.length > 0 && isProxy(socket.remoteAddress ?? '')
  return {
    isProxy,
    addressOf(request) {
      const own = request.socket.remoteAddress ?? ''
      const forwarded = isByProxy(request) ? request.headers['x-forwarded-for'] : undefined
      if (typeof forwarded !== 'string') return own
      const from = forwarded
        .split(',')
        .map((address) => address.replace(/^[ \t]+|[ \t]+$/gu, ''))
        .filter((address) => address !== '')
        .reverse()
      return from.find((address) => !isProxy(address)) ?? from.at(-1) ?? own
    },
    hostOf(request) {
      const forwarded = isByProxy(request) ? request.headers['x-forwarded-host'] : undefined
      if (typeof forwarded !== 'string' || forwarded === '') return request.headers.host ?? ''
      // Of several proxies the nearest one counts, which wrote the last.
      return forwarded.slice(forwarded.lastIndexOf(',') + 1).trim()
    },
  }
}

function networks(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
