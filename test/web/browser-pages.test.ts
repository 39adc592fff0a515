import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import axeCore from 'axe-core'
import type { Page } from 'playwright-core'
import { listAlerts } from '../../src/office/alerts.ts'
import { addApiKey } from '../../src/office/shops.ts'
import { addKiosk, listKiosks, removeKiosk } from '../../src/office/kiosks.ts'
import { ok, person } from '../office/test-office.ts'
import { shopOnOnePage } from '../../src/web/docs-programs.ts'
import { launchBrowser } from '../browser.ts'
import { STORE, webSetting } from './api-setting.ts'

/* The pages in Chromium (docs/spec/web.md, section 9): at 320 px, by keyboard, without a script where there is none, axe clean. */

const web = await webSetting(t)
const origin = await web.app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launchBrowser()
t.teardown(() => browser.close())

type Visit = { readonly script?: boolean; readonly width?: number; readonly language?: string }
async function visit({ script = true, width = 320, language = 'en-GB' }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: language,
    javaScriptEnabled: script,
    viewport: { width, height: 640 },
  })
  return context.newPage()
}

/**
 * The findings of axe on a page, and whether the page is wider than its window. axe needs a script of its own, in a
 * second load.
 */
async function objections(page: Page): Promise<unknown> {
  const html = await page.content()
  const context = await browser.newContext({ baseURL: origin, viewport: page.viewportSize(), bypassCSP: true })
  const look = await context.newPage()
  await look.route('**/*', (route) =>
    route.request().resourceType() === 'document'
      ? route.fulfill({
          body: html.replaceAll(/<script[^>]*><\/script>/gu, ''),
          contentType: 'text/html; charset=utf-8',
        })
      : route.continue(),
  )
  await look.goto('/')
  await look.evaluate(axeCore.source)
  const found = await look.evaluate(async () => {
    const { axe, document, innerWidth } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      document: { documentElement: { scrollWidth: number } }
      innerWidth: number
    }
    const { violations } = await axe.run()
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      tooWide: document.documentElement.scrollWidth > innerWidth,
    }
  })
  await context.close()
  return found
}
const CLEAN = { violations: [], tooWide: false }

void t.test('a holder reads the balance at 320 px, by keyboard alone, without a script', async (t) => {
  const card = web.card()
  const page = await visit({ script: false })
  await page.goto('/')
  t.same(await objections(page), CLEAN, 'the form')
  await page.keyboard.press('Tab') // the other language
  await page.keyboard.press('Tab')
  await page.keyboard.type(card.number)
  await page.keyboard.press('Tab')
  await page.keyboard.type('WRONG')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  t.same(await objections(page), CLEAN, 'the refusal')
  await page.getByLabel('Card number').fill(card.number)
  await page.getByLabel('eCode').fill(card.ecode)
  await page.keyboard.press('Enter')
  await page.getByText('You can spend').waitFor()
  t.match(await page.textContent('.balance strong'), /150\.00/)
  t.match(await page.textContent('dl'), /paying in all our stores.*web shop.*topping it up by PLN.10\.00 to/s)
  t.same(await objections(page), CLEAN, 'the balance')
  await page.goto('/?lang=pl')
  t.equal(await page.getAttribute('html', 'lang'), 'pl')
  await page.goto('/problems/card_not_recognised')
  t.same(await objections(page), CLEAN, 'a problem')
  await page.goto('/docs')
  t.same(await objections(page), CLEAN, 'the documentation')
})

void t.test('a price checker: enrolled once, a scanner, ten seconds, the network cut', async (t) => {
  const card = web.card()
  const page = await visit({ width: 1024 })
  await page.clock.install()
  await page.goto('/check')
  await page.getByText('not a price checker yet').waitFor()
  t.same(await objections(page), CLEAN, 'not enrolled')
  const { enrolment } = await ok(addKiosk(web.office, person('anna'), { code: 'CHECK-1', store: STORE, networks: [] }))
  t.match(enrolment, /^[0-9A-HJKMNP-TV-Z]{4}-\w{4}-\w{4}$/)
  await page.getByLabel('Enrolment code').fill('0000-0000-0000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Enrolment code').fill(enrolment.toLowerCase())
  await page.keyboard.press('Enter')
  await page.getByText('Hold the barcode').waitFor()
  t.same(await objections(page), CLEAN, 'the price checker')
  const [cookie] = await page.context().cookies()
  t.match(cookie, { name: 'akart-kiosk', httpOnly: true, sameSite: 'Strict' })

  const scan = async (number: string): Promise<void> => {
    await page.keyboard.type(number) // into whatever has the focus, as a scanner does
    await page.keyboard.press('Enter')
  }
  await scan(card.number)
  const large = page.locator('#answer strong')
  await large.waitFor()
  t.match(await large.textContent(), /150\.00/)
  const text = (await page.textContent('main')) ?? ''
  t.match(text, `Card ending in ${card.number.slice(-4)}`)
  t.notMatch(text, card.number)
  t.equal(await page.inputValue('#number'), '')
  await page.clock.fastForward(10_000)
  await large.waitFor({ state: 'detached' })

  await scan('6299100000000001')
  await page.getByText('not recognised').waitFor()
  await page.goto('/check?lang=pl')
  await scan('6299100000000001')
  await page.getByText('Nie rozpoznano').waitFor()
  await page.goto('/check?lang=en')
  await page.context().setOffline(true)
  await scan(card.number)
  await page.getByText('no connection').waitFor()
  await page.clock.fastForward(60_000)
  await page.getByText('no connection').waitFor()
  await page.context().setOffline(false)
  await page.getByText('no connection').waitFor({ state: 'detached' })
  await scan(card.number)
  await large.waitFor()
  // Its answer comes before that of the next one, which is refused at once.
  const third = page.waitForResponse((response) => new URL(response.url()).pathname === '/check/balance')
  await scan(card.number)
  await third
  await scan(card.number)
  await page.getByText('three times within the hour').waitFor()
  // The allowance is one of a minute: on a slow machine the scans above are partly out of it.
  for (let i = 0; i < 20 && !(await page.getByText('Too many questions').isVisible()); i++) await scan(card.number)
  await page.getByText('Too many questions').waitFor()

  const second = await visit()
  await second.goto('/check')
  await second.getByLabel('Enrolment code').fill(enrolment)
  await second.keyboard.press('Enter')
  await second.getByRole('alert').waitFor()
  t.match(await ok(listKiosks(web.office, person('anna'))), [{ code: 'CHECK-1', enrolled: true, state: 'active' }])
  await ok(removeKiosk(web.office, person('anna'), { code: 'CHECK-1' }))
  await page.reload()
  await page.getByText('not a price checker yet').waitFor()
})

void t.test('the shop of /docs takes a payment, just as it is written there', async (t) => {
  const { key } = await web.shop('DOCS')
  const origins = ['http://127.0.0.1:*']
  const input = { shop: 'DOCS', name: 'page', kind: 'publishable', scopes: [], origins, networks: [] } as const
  const { key: browserKey } = await ok(addApiKey(web.office, person('anna'), { ...input, expiresAt: null }))
  const text = shopOnOnePage(`${origin}/api/v1`, { key, browserKey })
  // The port aside, which another program of this machine may have.
  const free = text.replace('3000,', '0,').replace(/\)$/u, ', function () { console.log(this.address().port) })')
  const shop = spawn(process.execPath, ['--input-type=module', '-e', free], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => shop.kill())
  const [port] = (await once(shop.stdout, 'data')) as [Buffer]
  const card = web.card()
  const page = await visit()
  await page.goto(`http://127.0.0.1:${String(port).trim()}/`)
  await page.getByPlaceholder('Card number').fill(card.number)
  await page.getByPlaceholder('eCode').fill('WRONG')
  await page.keyboard.press('Enter')
  await page.getByText('do not belong to a sold card').waitFor()
  const type = async (card: { readonly number: string; readonly ecode: string }) => {
    await page.getByPlaceholder('Card number').fill(card.number)
    await page.getByPlaceholder('eCode').fill(card.ecode)
    await page.keyboard.press('Enter')
  }
  const poor = web.card()
  const drained = await web.app.inject({
    method: 'POST',
    url: '/api/v1/payments',
    headers: { host: '127.0.0.1', authorization: `Bearer ${key}`, 'idempotency-key': 'drained' },
    payload: { card: poor, amount: { value: 140_00, currency: 'PLN' }, confirm: true },
  })
  t.equal(drained.statusCode, 201)
  await type(poor)
  await page.getByText('more than the available balance').waitFor()
  await type(card) // a customer's second card is another payment
  await page.getByText('Paid. 137.50 PLN are left.').waitFor()
})

void t.test('a copied cookie that comes after its successor revokes the price checker', async (t) => {
  const { enrolment } = await ok(addKiosk(web.office, person('anna'), { code: 'CHECK-2', store: STORE, networks: [] }))
  const send = (path: string, cookie: string, payload: string, type: string) =>
    web.app.inject({
      method: 'POST',
      url: path,
      payload,
      headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', 'content-type': type, cookie },
    })
  const enrolled = await send('/check/enrol', '', `code=${enrolment}`, 'application/x-www-form-urlencoded')
  const first = String(enrolled.headers['set-cookie']).split(';')[0] ?? ''
  const ask = (cookie: string) => send('/check/balance', cookie, '{"number":"6299100000000001"}', 'application/json')
  t.notOk('set-cookie' in (await ask(first)).headers, 'within the day it stays')
  const good = await send('/check/balance', first, JSON.stringify({ number: web.card().number }), 'application/json')
  t.match(JSON.parse(good.body), { large: /150\.00/ })
  web.clock.now += 86_400_000
  const lost = await ask(first)
  t.ok('set-cookie' in lost.headers, 'a day later there is a new one')
  const again = await ask(first)
  t.equal(again.statusCode, 200, 'whose answer was lost has the old one')
  const next = String(again.headers['set-cookie']).split(';')[0] ?? ''
  t.equal((await ask(next)).statusCode, 200)
  t.equal((await ask(first)).statusCode, 401, 'the copy')
  t.equal((await ask(next)).statusCode, 401, 'and with it the price checker')
  const { items } = await ok(listAlerts(web.office, person('anna'), { before: null, limit: 10 }))
  t.match(items, [{ kind: 'kiosk_cookie_reused', subject: 'CHECK-2' }])
  const foreign = await web.app.inject({
    method: 'POST',
    url: '/check/balance',
    payload: { number: '1' },
    headers: { host: '127.0.0.1', origin: 'http://evil.example', cookie: next },
  })
  t.equal(foreign.statusCode, 400)
})
