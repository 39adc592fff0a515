import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { buildSite } from '../../src/http/site.ts'
import { openLog } from '../../src/log.ts'
import { mountPages } from '../../src/menu/pages.ts'
import { MENU_POLICY } from '../../src/menu/policy.ts'

/* The built browser app on a site that answers what it has no route for with a problem of its own. */

const directory = await mkdtemp(join(tmpdir(), 'akart-pages-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
await mkdir(join(directory, 'assets'))
await writeFile(join(directory, 'index.html'), '<title>AkartMenu</title>')
await writeFile(join(directory, 'sw.js'), 'self')
await writeFile(join(directory, 'assets', 'main-1a2b.js'), 'export {}')

const SITE = { host: '127.0.0.1', port: 0, tls: { certificate: null, key: null }, publicUrl: null, trustProxy: [] }
const { app } = await buildSite(SITE, MENU_POLICY, openLog({ level: 'error', file: null }), 1000)
await mountPages(app, directory)
app.post('/api/something', async () => ({}))
t.teardown(() => app.close())

const PAGE = 'text/html'
const PROBLEM = 'application/problem+json'
const rows: readonly [path: string, status: number, type: string | RegExp, cached: RegExp][] = [
  ['/', 200, PAGE, /^no-cache$/],
  ['/cards?state=sold', 200, PAGE, /^no-cache$/],
  ['/cards/1000001', 200, PAGE, /^no-cache$/],
  ['/sw.js', 200, /javascript/, /^no-cache$/],
  ['/assets/main-1a2b.js', 200, /javascript/, /immutable/],
  ['/assets/main-old.js', 404, PROBLEM, /^no-store$/],
  ['/api/nothing', 404, PROBLEM, /^no-store$/],
  ['/api/something', 405, PROBLEM, /^no-store$/],
]
for (const [url, status, type, cached] of rows) {
  void t.test(`GET ${url}`, async (t) => {
    const answer = await app.inject({ url, headers: { host: '127.0.0.1' } })
    t.equal(answer.statusCode, status)
    t.match(answer.headers['content-type'], type)
    t.match(answer.headers['cache-control'], cached)
  })
}
