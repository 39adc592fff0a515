import t from 'tap'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { SiteConfig } from '../../src/config/sites.ts'
import { buildSite, ownOrigin } from '../../src/http/site.ts'
import { openLog } from '../../src/log.ts'
import { authority } from '../switch/test-certificates.ts'

const SITE: SiteConfig = {
  host: '127.0.0.1',
  port: 0,
  tls: { certificate: null, key: null },
  publicUrl: null,
  trustProxy: [],
}
const POLICY = "default-src 'self'"
const log = openLog({ level: 'silent', file: null })

async function siteOf(config: Partial<SiteConfig>) {
  const site = await buildSite({ ...SITE, ...config }, POLICY, log, 64)
  site.app.get('/who', async (request) => ({ address: request.ip, origin: ownOrigin({ ...SITE, ...config }, request) }))
  site.app.post('/echo', async (request) => request.body)
  site.app.get('/broken', async () => {
    throw new Error('a secret of the inside')
  })
  return site
}

t.test('every answer has its headers, and what fails is a problem', async (t) => {
  const { app } = await siteOf({})
  const rows: [
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    headers: Record<string, string>,
    body: string,
    status: number,
    code: string,
  ][] = [
    ['GET', '/nowhere', {}, '', 404, 'not_found'],
    ['PUT', '/echo', {}, '', 405, 'method_not_allowed'],
    ['GET', '/echo?a=b', {}, '', 405, 'method_not_allowed'],
    ['GET', '/broken', {}, '', 500, 'internal_error'],
    ['POST', '/echo', { 'content-type': 'application/json' }, '{', 400, 'invalid_request'],
    ['POST', '/echo', { 'content-type': 'application/json' }, JSON.stringify('x'.repeat(80)), 413, 'too_large'],
    ['POST', '/echo', { 'content-type': 'text/csv' }, 'a,b', 415, 'unsupported_media_type'],
    ['GET', '/who', { host: 'evil.example' }, '', 421, 'misdirected'],
  ]
  for (const [method, url, headers, payload, status, code] of rows) {
    const answer = await app.inject({
      method,
      url,
      headers: { 'x-request-id': 'mine', ...headers },
      ...(payload === '' ? {} : { payload }),
    })
    t.equal(answer.statusCode, status, url)
    t.match(answer.headers, {
      'content-type': /^application\/problem\+json/u,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': POLICY,
    })
    t.match(answer.json(), { type: `/problems/${code}`, status, code, requestId: answer.headers['x-request-id'] })
    t.equal(answer.headers['allow'], status === 405 ? 'POST' : undefined)
    t.not(answer.headers['x-request-id'], 'mine', 'ids are ours')
    t.notMatch(answer.body, /secret/u)
  }
})

t.test('which host names are ours', async (t) => {
  const rows: [config: Partial<SiteConfig>, host: string, status: number][] = [
    [{}, 'localhost:8080', 200],
    [{}, '[::1]:8080', 200],
    [{}, '10.0.0.1', 421],
    [{ publicUrl: 'https://menu.example.com', trustProxy: ['127.0.0.1'] }, 'menu.example.com', 200],
    [{ publicUrl: 'https://menu.example.com', trustProxy: ['127.0.0.1'] }, 'localhost', 421],
  ]
  for (const [config, host, status] of rows) {
    const { app } = await siteOf(config)
    const answer = await app.inject({ url: '/who', headers: { host } })
    t.equal(answer.statusCode, status, `${JSON.stringify(config)} ${host}`)
    if (status !== 200) continue
    t.equal(answer.json<{ origin: string }>().origin, config.publicUrl ?? `http://${host}`)
    const hsts = config.publicUrl === undefined ? undefined : 'max-age=31536000; includeSubDomains'
    t.equal(answer.headers['strict-transport-security'], hsts)
  }
})

t.test('behind a proxy the right-most address that is not the proxy counts', async (t) => {
  const forwarded = '203.0.113.9, 198.51.100.7, 10.1.2.3'
  for (const [trustProxy, address] of [
    [['127.0.0.1', '10.0.0.0/8'], '198.51.100.7'],
    [['10.0.0.0/8'], '127.0.0.1'],
    [[], '127.0.0.1'],
  ] as const) {
    const { app } = await siteOf({ trustProxy })
    const answer = await app.inject({ url: '/who', headers: { 'x-forwarded-for': forwarded } })
    t.equal(answer.json<{ address: string }>().address, address, trustProxy.join())
  }
})

t.test('TLS: names of the certificate are ours, and a renewed one is shown to new connections', async (t) => {
  const directory = t.testdir({})
  const [certificate, key] = [join(directory, 'site.pem'), join(directory, 'site.key')]
  const ca = await authority('CN=site authority')
  const write = async () => {
    const issued = await ca.issue('CN=site')
    await Promise.all([writeFile(certificate, issued.cert), writeFile(key, issued.key)])
    return issued.fingerprint
  }
  const first = await write()
  const site = await siteOf({ tls: { certificate, key } })
  await site.app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => site.app.close())
  const address = site.app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const ask = (host: string) =>
    new Promise<{ status: number | undefined; fingerprint: string }>((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port,
          path: '/who',
          servername: 'switch.test',
          ca: ca.cert,
          agent: false,
          headers: { host },
        },
        (answer) => {
          const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate()
          answer
            .resume()
            .on('end', () =>
              resolve({ status: answer.statusCode, fingerprint: fingerprint256.replaceAll(':', '').toLowerCase() }),
            )
        },
      )
        .on('error', reject)
        .end()
    })
  t.same(await ask('switch.test'), { status: 200, fingerprint: first.toLowerCase() })
  t.equal((await ask('other.test')).status, 421)
  const second = await write()
  await site.renew()
  t.same(await ask('switch.test'), { status: 200, fingerprint: second.toLowerCase() })
})
