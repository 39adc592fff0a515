import { copyFile, mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { journeys, scan } from './setting.ts'

/* `make screens`: the README's pictures of AkartMenu, from a demo of their own. Not a test. */

const PICTURES = fileURLToPath(new URL('../../../../docs/screens/', import.meta.url))
const TAKEN = fileURLToPath(new URL('../../../screens/', import.meta.url))
const LARGEST_BYTES = 150_000

const ends: (() => Promise<void>)[] = []
const journey = await journeys({ teardown: (end) => void ends.unshift(end) })

/** Skeletons are gone, and so is the figure that was there before. */
const settled = (page: Page): Promise<void> => page.locator('body:not(:has([role=status][aria-label]))').waitFor()

async function keep(page: Page, name: string): Promise<void> {
  await settled(page)
  await journey.screenshot(page, name)
  const picture = `${PICTURES}${name}.png`
  await copyFile(`${TAKEN}${name}.png`, picture)
  const { size } = await stat(picture)
  if (size > LARGEST_BYTES) throw new Error(`${picture} has ${size} bytes, more than ${LARGEST_BYTES}`)
  console.log(`${picture}: ${Math.round(size / 1000)} kB`)
}

try {
  await mkdir(PICTURES, { recursive: true })
  const rows = [
    ['payment', '31.40'],
    ['payment', '999.00'],
    ['top-up', '50.00'],
    ['payment', '12.99'],
    ['refund', '12.99'],
  ] as const
  for (const [operation, amount] of rows)
    await journey.send(operation, '--card', 'sold:1', '--amount', amount, '--confirm')
  await journey.send('top-up', '--card', 'sold:1', '--amount', '20.00')
  const [card] = journey.cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN')
  const page = await journey.signedIn('helpdesk', { width: 1120, height: 640 })
  await page.locator('h1').waitFor()
  await scan(page, card?.number ?? '')
  await page.waitForURL('**/cards/*')
  await page.getByRole('group', { name: 'Story' }).getByText('Sale').first().waitFor()
  await keep(page, 'card')
  await page.goto('/transactions')
  await page.getByRole('table', { name: 'Transactions' }).getByText('999.00').first().waitFor()
  await keep(page, 'transactions')
  await page.getByRole('row').filter({ hasText: '999.00' }).getByRole('link').first().click()
  await page.getByRole('region', { name: 'Why' }).waitFor()
  await keep(page, 'decline')
} finally {
  for (const end of ends) await end()
}
// The pool of browsers and of database connections of a test would otherwise wait for its test to end.
process.exit()
