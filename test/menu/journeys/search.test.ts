import { parse } from 'csv-parse/sync'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { journeys } from './setting.ts'

/* Journey 9: a search with four criteria, saved, reopened by its address, exported; the sums are equal. */

const journey = await journeys(t)
for (const amount of ['10.00', '20.00', '30.00']) {
  await journey.send('payment', '--card', 'sold', '--amount', amount, '--terminal', 'DEMO0001', '--confirm')
}
await journey.send('payment', '--card', 'sold', '--amount', '5.00', '--terminal', 'DEMO0002', '--confirm')

t.test('9: four criteria, saved, reopened, exported', async (t) => {
  const page = await journey.signedIn('accountant')
  await page.goto('/transactions')
  await page.getByRole('heading', { level: 1, name: 'Transactions' }).waitFor()
  await page.getByLabel('Terminal', { exact: true }).fill('DEMO0001')
  await page.getByLabel('Operation', { exact: true }).selectOption('Payment')
  await page.getByLabel('State', { exact: true }).selectOption('Confirmed')
  await page.getByLabel('From', { exact: true }).fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10))
  await page.waitForURL((url) => ['terminal', 'operation', 'state', 'from'].every((key) => url.searchParams.has(key)))
  const chips = page.getByRole('list', { name: 'Chosen criteria' }).getByRole('listitem')
  await chips.filter({ hasText: 'DEMO0001' }).waitFor()
  const table = page.getByRole('table', { name: 'Transactions' })
  await table.getByText('30.00').first().waitFor()

  await page.getByRole('button', { name: 'Save search', exact: true }).click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Till one, paid')
  await page.getByRole('dialog').getByRole('button', { name: 'Save search', exact: true }).click()
  await page.getByText('“Till one, paid” is saved.').waitFor()
  const address = page.url()

  await page.goto('/transactions')
  await page.getByRole('button', { name: 'Saved searches' }).click()
  await page.getByRole('menuitem', { name: 'Till one, paid', exact: true }).click()
  await page.waitForURL((url) => url.searchParams.get('terminal') === 'DEMO0001')
  await page.goto(address)
  await table.getByText('30.00').first().waitFor()
  t.equal(await page.getByLabel('Terminal').inputValue(), 'DEMO0001', 'no chip has the label of its field')
  const shown = await table.getByRole('row').filter({ hasText: 'Payment' }).count()
  await journey.screenshot(page, '9-search')

  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const link = dialog.getByRole('link', { name: 'Download' })
  await link.waitFor()
  const summary = (await dialog.textContent()) ?? ''
  await journey.screenshot(page, '9-exported')
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const bytes = await readFile(await download.path())
  t.match(summary, createHash('sha256').update(bytes).digest('hex'), 'its SHA-256 is shown')
  const rows: Record<string, string>[] = parse(bytes.toString('utf8'), {
    columns: true,
    bom: true,
    relax_column_count: true,
  })
  t.equal(rows.length, shown, 'as many rows as the screen has')
  t.match(summary, new RegExp(`${shown}`, 'u'))
  t.match(summary, /60\.00/u, 'the sum of all of them')
})

t.test('a whole number is a criterion beside others, and stays neither in its field nor in the address', async (t) => {
  const page = await journey.signedIn('helpdesk')
  await page.goto('/transactions?operation=payment')
  const paid = page.getByRole('table', { name: 'Transactions' }).getByRole('row').filter({ hasText: 'Payment' })
  await paid.first().waitFor()
  await page.getByRole('button', { name: 'More criteria', exact: true }).click()
  const field = page.getByLabel('Card number', { exact: true })
  await field.fill('no number at all')
  await field.press('Enter')
  await page.getByText('A whole number, barcode or eCode').waitFor()
  const [other] = journey.cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN').slice(40)
  const number = other?.number ?? ''
  await field.fill(number)
  await field.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('number')?.startsWith('h_') === true)
  t.equal(await field.inputValue(), '')
  t.notMatch(page.url(), number)
  await page.getByText('Nothing matches all criteria').waitFor()
  await page.getByRole('button', { name: 'Remove Operation', exact: true }).click()
  await page.getByRole('table', { name: 'Transactions' }).getByRole('row').filter({ hasText: 'Sale' }).first().waitFor()
  const shown = await page.getByRole('table', { name: 'Transactions' }).locator('tbody tr').allTextContents()
  t.ok(shown.length > 0 && shown.every((row) => row.includes(number.slice(-4))))
})

t.test('a record that there is not has a heading that says so', async () => {
  const page = await journey.signedIn('helpdesk', { refusals: true })
  await page.goto('/transactions/1')
  await page.getByRole('heading', { level: 1, name: 'There is no such record' }).waitFor()
  await page.goto('/nowhere')
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor()
})

t.test('a slow search is named first, with a way to a quick one', async () => {
  const page = await journey.signedIn('helpdesk')
  await page.goto('/transactions?state=confirmed')
  await page.getByText('This search will be slow').waitFor()
  await page.getByRole('button', { name: 'Only today', exact: true }).click()
  await page.waitForURL((url) => url.searchParams.has('from'))
  await page.getByRole('table', { name: 'Transactions' }).getByText('30.00').first().waitFor()
})

t.test('installable; without a connection the shell opens, and nothing that was read is kept', async (t) => {
  const page = await journey.signedIn('helpdesk', { offline: true })
  await page.goto('/cases')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
  const devtools = await page.context().newCDPSession(page)
  // A context of the test is a private window, in which nothing is installed.
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  t.same(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  )
  const kept = await page.evaluate<string[]>(`navigator.serviceWorker.ready.then(async ({ active }) => {
    if (active.state !== 'activated') await new Promise((done) => active.addEventListener('statechange', done))
    const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return caught.flat().map(({ url }) => new URL(url).pathname)
  })`)
  t.ok(kept.includes('/'), 'the shell is there')
  t.same(
    kept.filter((path) => path.startsWith('/api/')),
    [],
  )
  t.equal(await page.evaluate('Object.values({ ...localStorage }).join()'), 'auto', 'only the colours are in storage')

  await page.goto('/profile')
  await page.getByLabel('Current password').fill('half of a passw')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText(/^No connection since/u).waitFor()
  t.equal(await page.getByLabel('Current password').inputValue(), 'half of a passw', 'what was typed stays')
  await page.reload()
  await page.getByText('No connection to the server').waitFor()
  await journey.screenshot(page, 'offline')
  await page.context().setOffline(false)
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor()
})

t.test('a search card by card is stopped: what it has found stays, and the next page goes on', async () => {
  const page = await journey.signedIn('helpdesk')
  await page.route('**/api/cards?*', async (route) => {
    // The piece after the first one never comes.
    if (new URL(route.request().url()).searchParams.has('cursor')) return
    const response = await route.fetch()
    const { items } = (await response.json()) as { items: unknown[] }
    const lookedTo = { soldAt: '2026-11-02T10:00:00.000Z' }
    await route.fulfill({ response, json: { items: items.slice(0, 3), next: 'more', lookedTo } })
  })
  await page.goto('/cards?state=sold&balanceFrom=1')
  await page.getByRole('button', { name: 'Cancel search', exact: true }).click()
  await page.getByText('Not all were looked at').waitFor()
  await page.getByRole('table', { name: 'Cards' }).getByRole('row').nth(3).waitFor()
  await page.getByRole('button', { name: 'Next', exact: true }).waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
