import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { journeys } from './setting.ts'

/* An accountant reads a figure, finds the transfer behind it in three clicks, and takes it along as a file. */

const directory = await mkdtemp(join(tmpdir(), 'akart-reports-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const books = join(directory, 'books')
await mkdir(books)
await writeFile(join(directory, 'akart.yaml'), `reports:\n  directories:\n    - name: books\n      path: ${books}\n`)
const journey = await journeys(t, {}, ['--config', join(directory, 'akart.yaml')])
for (const amount of ['10.00', '20.00', '30.00']) {
  await journey.send('payment', '--card', 'sold', '--amount', amount, '--terminal', 'DEMO0001', '--confirm')
}

t.test('from a figure to its transfer in three clicks', async (t) => {
  const page = await journey.signedIn('accountant')
  await page.goto('/reports')
  await page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor()
  await journey.screenshot(page, 'reports')
  await page.getByRole('link', { name: /^Activity/u }).click()
  const table = page.getByRole('table', { name: 'Activity' })
  const paid = table.getByRole('row').filter({ hasText: 'Payment' }).first()
  await paid.getByText('60.00').waitFor()
  await page
    .getByRole('img', { name: /^Chart/u })
    .first()
    .waitFor()
  await journey.screenshot(page, 'reports-activity')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: 'Files' })
      .click()
      .then(() => page.getByRole('menuitem', { name: 'CSV', exact: true }).click()),
  ])
  t.match(await readFile(await download.path(), 'utf8'), /payment,PLN,3,60\.00,0,0\.00/u, 'the file says the same')

  await paid.getByText('60.00').click()
  await page.waitForURL((url) => url.pathname === '/transactions' && url.searchParams.get('operation') === 'payment')
  const transactions = page.getByRole('table', { name: 'Transactions' })
  await transactions.getByText('30.00').first().waitFor()
  await transactions.getByRole('row').filter({ hasText: '30.00' }).first().getByText('Payment').click({ force: true })
  await page.waitForURL(/\/transactions\/\d+/u)
  await page.getByText('30.00').first().waitFor()
  t.pass('cell, row, transfer')
})

t.test('a schedule is made and delivers; what fails is told in the language of the reader', async (t) => {
  const page = await journey.signedIn('accountant', { language: 'pl-PL' })
  await page.goto('/reports')
  await page.getByRole('button', { name: 'Dodaj harmonogram' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Nazwa').fill('Obroty dnia')
  await dialog.getByRole('button', { name: 'Dodaj harmonogram' }).click()
  const row = page.getByRole('table', { name: 'Harmonogramy' }).getByRole('row').filter({ hasText: 'Obroty dnia' })
  await row.getByText('Katalog books').waitFor()

  // The morning comes: twice, the second time without the directory.
  const becomeDue = (minutes: number): Promise<void> =>
    journey.sql(`UPDATE report_schedules SET next_at = UTC_TIMESTAMP(3) - INTERVAL ${minutes} MINUTE`)
  await becomeDue(2)
  while ((await readdir(books)).filter((name) => /^activity_.*\.xlsx$/u.test(name)).length === 0) await sleep(200)
  t.pass('the file is there')
  await rename(books, join(directory, 'away'))
  await becomeDue(1)
  const failure = /nie można zapisać w katalogu books \(ENOENT\)/u
  while (!(await row.getByText(failure).isVisible())) {
    await sleep(500)
    await page.reload()
    await row.waitFor()
  }
  await row.scrollIntoViewIfNeeded()
  await journey.screenshot(page, 'reports-schedule-failed-pl')
  await page.goto('/jobs')
  await page.getByText(failure).first().waitFor()
  await rename(join(directory, 'away'), books)
  const admin = await journey.signedIn('admin', { language: 'pl-PL' })
  await admin.goto('/alerts')
  await admin
    .getByText(/Nie udało się dostarczyć raportu z harmonogramu/u)
    .first()
    .waitFor()
})

t.test('Polish and dark, by the keyboard alone, the filter in the address', async (t) => {
  const page = await journey.signedIn('accountant', { language: 'pl-PL', scheme: 'dark' })
  await page.locator('h1').waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await page.getByRole('heading', { level: 1, name: 'Raporty' }).waitFor()
  const today = new Date().toISOString().slice(0, 7)
  await page.goto(`/reports/settlement?from=${today}-01&store=000000000000001`)
  await page.getByRole('table', { name: 'Rozliczenie sklepów' }).getByText('000000000000001').waitFor()
  await page.getByRole('heading', { name: 'Skąd dokąd' }).waitFor()
  await journey.screenshot(page, 'reports-settlement-pl-dark')
  await page.goto('/reports/roll-forward')
  await page.getByRole('heading', { level: 1, name: 'Stan i obroty zobowiązań' }).waitFor()
  await page.getByText('Zamknięcie').first().waitFor()
  await journey.screenshot(page, 'reports-roll-forward-pl-dark')
  t.same(journey.complaints(), [], 'no browser complained')
})
