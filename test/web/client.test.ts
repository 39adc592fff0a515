import t from 'tap'
import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { once as onceEvent } from 'node:events'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { EVENT } from '../../src/web/api/answers.ts'
import { webhookReceiver } from '../../src/web/docs-programs.ts'
import { AkartProblem, createClient } from '../../src/web/client/client.ts'
import { createCardToken } from '../../src/web/client/browser.ts'
import { verifyWebhook } from '../../src/web/client/webhook.ts'
import { newWebhookSecret, signatureOf } from '../../src/web/webhook-signature.ts'
import { textOf } from '../docs/markdown.ts'
import { onTestServer, upForTest } from '../up.ts'
import { clientTypes, writtenTypes } from './client-types.ts'

/* akart-client, and docs/web.md line by line, on a running Akart. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const up = await upForTest(t, await onTestServer(t))
const url = `http://${up.web.host}:${up.web.port}`
const csv = await readFile(join(up.home, 'demo', 'api-keys.csv'), 'utf8')
const keyOf = (name: string): string => new RegExp(`^${name},([^,]+)`, 'mu').exec(csv)?.[1] ?? ''
const [, number = '', ecode = ''] =
  /^(\d+),[^,]*,[^,]*,[^,]*,([^,]+),OPEN,sold,15000/mu.exec(
    await readFile(join(up.home, 'demo', 'cards.csv'), 'utf8'),
  ) ?? []
const card = { number, ecode }

void t.test('its types are those of the document', async (t) => {
  t.equal(await writtenTypes(), await clientTypes(), 'node build/test/web/client-types.js --write writes them')
})

void t.test('a token in the page, a payment in the server, a refusal as a problem', async (t) => {
  const { token } = (await createCardToken({ url, key: keyOf('browser') }, card)) as { token: string }
  const akart = createClient({ url, key: keyOf('webshop') })
  const amount = { value: 300, currency: 'PLN' }
  const paid = await akart.call('POST /payments', { card: { token }, amount }, { idempotencyKey: 'client-1' })
  t.match(paid, { status: 'unconfirmed', amount })
  const done = await akart.call('POST /payments/{id}/confirm', {}, { params: { id: paid.id } })
  t.equal(done.status, 'confirmed')
  const listed = await akart.call('GET /payments', null, { query: { limit: 1 } })
  t.equal(listed.items[0]?.id, paid.id)
  const error = await akart
    .call('POST /balance', { card: { number, ecode: 'WRONG' } }, { language: 'pl' })
    .catch((e: unknown) => e)
  t.ok(error instanceof AkartProblem)
  t.match(error, { status: 402, problem: { code: 'card_not_recognised' } })
})

void t.test('an answer that is lost is asked for again under the same key, and books once', async (t) => {
  let lost = 2
  // Passes on what comes, and cuts the line in place of the first answers.
  const proxy = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      void fetch(`${url}${request.url ?? ''}`, {
        method: request.method ?? 'POST',
        body,
        headers: {
          authorization: headers['authorization'] ?? '',
          'content-type': 'application/json',
          'idempotency-key': headers['idempotency-key'] ?? '',
        },
      }).then(async (answer) => {
        const text = await answer.text()
        if (lost-- > 0) response.destroy()
        else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
      })
    })
  })
  proxy.listen(0, '127.0.0.1')
  await onceEvent(proxy, 'listening')
  t.teardown(() => proxy.close())
  const through = createClient({
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    key: keyOf('webshop'),
  })
  const before = await createClient({ url, key: keyOf('webshop') }).call('POST /balance', { card })
  const input = { card, amount: { value: 100, currency: 'PLN' }, confirm: true }
  const paid = await through.call('POST /payments', input, { idempotencyKey: 'client-lost' })
  t.equal(paid.status, 'confirmed')
  t.equal(lost, -1, 'three were sent')
  const after = await createClient({ url, key: keyOf('webshop') }).call('POST /balance', { card })
  t.equal(before.balance.available - after.balance.available, 100)
})

void t.test('webhooks: what is signed is an event; what is changed, old or by another secret is refused', async (t) => {
  const secret = newWebhookSecret()
  const body = JSON.stringify({ id: 'evt_1', type: 'payment.created' })
  const now = Date.now()
  const headers = (at: number, by = secret) => {
    const timestamp = Math.floor(at / 1000)
    return {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf([newWebhookSecret(), by], 'evt_1', timestamp, body),
    }
  }
  t.match(await verifyWebhook(secret, headers(now), body, now), { type: 'payment.created' })
  const signed = headers(now)
  const beside = { ...signed, 'webhook-signature': `v1,%% v1a,x ${signed['webhook-signature']}` }
  t.match(await verifyWebhook(secret, beside, body, now), { id: 'evt_1' }, 'signatures that are none do not matter')
  await t.rejects(verifyWebhook('whsec_%%', signed, body, now), /base64/)
  await t.rejects(verifyWebhook(secret, headers(now), body.replace('created', 'reversed'), now), /no signature/)
  await t.rejects(verifyWebhook(secret, headers(now, newWebhookSecret()), body, now), /no signature/)
  await t.rejects(verifyWebhook(secret, headers(now - 301_000), body, now), /timestamp/, 'played again later')
  await t.rejects(verifyWebhook(secret, { ...headers(now), 'webhook-id': 'evt_2' }, body, now), /no signature/)
  await t.rejects(verifyWebhook(secret, {}, body, now), /missing/)
})

void t.test('the receiver of webhooks of /docs, just as it is written there', async (t) => {
  const secret = newWebhookSecret()
  // The port aside, which another program of this machine may have.
  const text = webhookReceiver
    .replace('3000,', '0,')
    .replace(/\)$/u, ', function () { console.log(this.address().port) })')
  const receiver = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WEBHOOK_SECRET: secret },
  })
  t.teardown(() => receiver.kill())
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]()
  const said = async (): Promise<string> => String((await lines.next()).value)
  const port = await said()
  const now = Math.floor(Date.now() / 1000)
  const send = async (id: string, { by = secret, at = now, change = '' } = {}): Promise<number> => {
    const body = JSON.stringify({ ...EVENT, id })
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': signatureOf([newWebhookSecret(), by], id, at, body),
    }
    return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: body + change })).status
  }
  t.equal(await send('evt_1', { by: newWebhookSecret() }), 400, 'another secret')
  t.equal(await send('evt_1', { change: ' ' }), 400, 'changed')
  t.equal(await send('evt_1', { at: now - 301 }), 400, 'old')
  t.equal(await send('evt_1'), 200)
  t.equal(await send('evt_1'), 200, 'once more')
  t.equal(await send('evt_2'), 200)
  t.same([await said(), await said()], Array(2).fill(`${EVENT.type} ${EVENT.data.id}`))
  receiver.kill()
  t.same(await lines.next(), { value: undefined, done: true }, 'nothing is handled twice')
})

void t.test('docs/web.md: every line of it', async (t) => {
  const recipes = textOf('Makefile')
  const [, run = ''] = /^run: build\n(?:\t.*\n)*?\t@exec (node .* up) /mu.exec(recipes) ?? []
  t.equal(run, 'node --max-semi-space-size=64 build/src/cli/akart.js up', 'make run starts what runs here')
  const [, client = ''] = /^client: build\n\t@(.*)$/mu.exec(recipes) ?? []
  const lines = [...textOf('docs/web.md').matchAll(/^```sh\n([\s\S]*?)^```/gmu)].map(([, code = '']) => code)
  t.ok(lines.length >= 7)
  const folder = await mkdtemp(join(tmpdir(), 'akart-guide-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await symlink(up.home, join(folder, '.akart'))
  await symlink(join(ROOT, 'build'), join(folder, 'build'))
  const make = `make() { case $1 in run) ;; client) ${client} ;; *) return 1 ;; esac; }`
  const script = [make, ...lines].join('\n').replaceAll('http://127.0.0.1:8081', url)
  const { error, out } = await new Promise<{ error: Error | null; out: string }>((resolve) => {
    execFile('/bin/bash', ['-eu', '-o', 'pipefail', '-c', script], { cwd: folder }, (error, out, err) =>
      resolve({ error, out: `${out}\n${err}` }),
    )
  })
  t.equal(error, null, out)
  t.match(out, '"status":"confirmed"')
  t.match(out, /confirmed 500 \d{4}/)
  t.match(out, 'whsec_')
})

void t.test('every line of /docs that needs no id works as it is copied', async (t) => {
  const page = await (await fetch(`${url}/docs`)).text()
  const lines = [...page.matchAll(/<pre tabindex="0"><code>([\s\S]*?)<\/code>/gu)]
    .map(([, code = '']) => code.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    .filter((line) => !/\/(ID|PAYMENT_ID)/u.test(line))
    // The programs are run by tests of their own.
    .filter((line) => !line.startsWith('import '))
  t.ok(lines.length > 10)
  for (const line of lines) {
    const unique = line.replace('YOUR-KEY-1', `docs-${lines.indexOf(line)}`)
    const status = await new Promise<string>((resolve) => {
      execFile('/bin/bash', ['-c', `${unique} -s -o /dev/null -w '%{http_code}'`], (_error, out) => resolve(out))
    })
    t.match(status, /^20\d$/, line)
  }
})
