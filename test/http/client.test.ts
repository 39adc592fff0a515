import t from 'tap'
import fastify from 'fastify'
import type { IncomingMessage } from 'node:http'
import { clientReader } from '../../src/http/client.ts'

/** Address and host of a client: ours, and those that Fastify finds by its own rules with the same proxies. */

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32']

const ROWS: readonly [peer: string, forwarded: string | null, host: string | null, address: string, name: string][] = [
  ['127.0.0.1', null, null, '127.0.0.1', 'own.example'],
  ['127.0.0.1', '198.51.100.7', 'shop.example', '198.51.100.7', 'shop.example'],
  ['127.0.0.1', '203.0.113.9, 198.51.100.7, 10.1.2.3', null, '198.51.100.7', 'own.example'],
  ['127.0.0.1', '203.0.113.9,\t198.51.100.7 ,10.1.2.3', null, '198.51.100.7', 'own.example'],
  ['::ffff:127.0.0.1', '198.51.100.7', 'shop.example', '198.51.100.7', 'shop.example'],
  ['2001:db8::1', '2001:db9::1, 2001:db8::2', 'a.example, b.example', '2001:db9::1', 'b.example'],
  ['127.0.0.1', '10.0.0.1, 10.0.0.2', null, '10.0.0.1', 'own.example'],
  ['127.0.0.1', 'unknown', null, 'unknown', 'own.example'],
  ['127.0.0.1', '198.51.100.7, for=10.0.0.1', null, 'for=10.0.0.1', 'own.example'],
  ['127.0.0.1', '', '', '127.0.0.1', 'own.example'],
  ['127.0.0.1', ' , ,', null, '127.0.0.1', 'own.example'],
  ['192.0.2.1', '198.51.100.7', 'shop.example', '192.0.2.1', 'own.example'],
]

t.test(
  'behind proxies the right-most address that is not a proxy counts, and the host that the nearest one names',
  async (t) => {
    const ours = clientReader(PROXIES)
    const theirs = fastify({ trustProxy: PROXIES })
    const found: [address: string, host: string][] = []
    theirs.get('/', async (request) => {
      found.push([request.ip, request.host], [ours.addressOf(request.raw), ours.hostOf(request.raw)])
    })
    for (const [peer, forwarded, host, address, name] of ROWS) {
      found.length = 0
      const headers = {
        host: 'own.example',
        ...(forwarded === null ? {} : { 'x-forwarded-for': forwarded }),
        ...(host === null ? {} : { 'x-forwarded-host': host }),
      }
      await theirs.inject({ url: '/', remoteAddress: peer, headers })
      t.same(
        found,
        [
          [address, name],
          [address, name],
        ],
        `${peer} ${forwarded ?? ''}`,
      )
    }
  },
)

t.test('without proxies nothing that is forwarded counts', async (t) => {
  const { addressOf, hostOf } = clientReader([])
  const request = {
    socket: { remoteAddress: '127.0.0.1' },
    headers: { host: 'own.example', 'x-forwarded-for': '198.51.100.7', 'x-forwarded-host': 'evil.example' },
  } as unknown as IncomingMessage
  t.same([addressOf(request), hostOf(request)], ['127.0.0.1', 'own.example'])
})
