import t from 'tap'
import axeCore from 'axe-core'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { launchBrowser } from '../browser.ts'
import { onTestServer, upForTest } from '../up.ts'
import { SIMULATOR } from '../programs.ts'

/* `akart-sim shop` in a browser: a basket paid partly by card, a refund in the back room, webhooks as they come. */

const up = await upForTest(t, await onTestServer(t))
const [, number = '', ecode = ''] =
  /^(\d+),[^,]*,[^,]*,[^,]*,([^,]+),OPEN,sold,15000/mu.exec(
    await readFile(join(up.home, 'demo', 'cards.csv'), 'utf8'),
  ) ?? []

async function startShop(...more: readonly string[]) {
  const web = `http://${up.web.host}:${up.web.port}`
  const child = spawn(process.execPath, [SIMULATOR, 'shop', '--port', '0', '--web', web, '--home', up.home, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(async () => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
  const exited = once(child, 'exit')
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text))
  const ready = await Promise.race([line, exited.then(() => '')])
  return { url: /shop=(\S+)/u.exec(ready)?.[1] ?? '', child, exited, errors: () => errors }
}

void t.test('a basket, partly by card, and back again', async (t) => {
  const shop = await startShop()
  const browser = await launchBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
  await page.goto(shop.url)
  await page.evaluate(axeCore.source)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string }[] }> } }
    return (await axe.run()).violations.map(({ id }) => id)
  })
  t.same(violations, [])
  await page.getByLabel('Book').check()
  await page.getByLabel('Lamp').check()
  await page.getByLabel('Gift card number').fill(number)
  await page.getByLabel('eCode').fill('WRONG')
  await page.getByRole('button', { name: 'Pay' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Book').check()
  await page.getByLabel('Lamp').check()
  await page.getByLabel('Gift card number').fill(number)
  await page.getByLabel('eCode').fill(ecode)
  await page.getByRole('button', { name: 'Pay' }).click()
  await page.getByText('Thank you').waitFor()
  const receipt = (await page.textContent('main')) ?? ''
  t.match(receipt, 'By gift card ending in')
  t.match(receipt, '150.00 PLN')
  t.match(receipt, '28.90 PLN')

  await page.getByRole('link', { name: 'Back room' }).click()
  await page.getByText('payment.confirmed').waitFor()
  await page.getByLabel('Give back').fill('100.00')
  await page.getByRole('button', { name: 'Refund' }).click()
  await page.getByText('given back 100.00 PLN').waitFor()
  await page.getByText('payment.refunded').waitFor()
  await page.getByLabel('Give back').fill('50.01')
  await page.getByRole('button', { name: 'Refund' }).click()
  await page.getByRole('alert').waitFor()
  shop.child.kill('SIGINT')
  t.same(await shop.exited, [0, null])
})

void t.test('a key that is none is said in one line', async (t) => {
  const shop = await startShop('--key', 'akart_demo_x')
  t.match(await shop.exited, [2])
  t.match(shop.errors(), /key/)
})
