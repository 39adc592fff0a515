import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { DEMO_PASSWORD, demoPeople } from '../../../src/demo/people.ts'
import { RIGHTS } from '../../../src/office/rights-table.ts'
import { journeys, scan, signIn } from './setting.ts'

/* Journeys 5, 10 and 11: two people for an adjustment, a till's journal, and what each role sees. */

const journey = await journeys(t, { AKART_CONFIRM_TIMEOUT_SECONDS: '1' })
const sold = journey.cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN')

t.test('5: an adjustment by two people; the first one cannot approve', async (t) => {
  const clerk = await journey.signedIn('helpdesk')
  await clerk.locator('h1').waitFor()
  await scan(clerk, sold[0]?.number ?? '')
  await clerk.waitForURL('**/cards/*')
  await clerk.getByRole('button', { name: 'Adjust', exact: true }).click()
  const dialog = clerk.getByRole('dialog')
  await dialog.getByLabel('Amount', { exact: false }).fill('12.50')
  await dialog.getByLabel('Reason', { exact: true }).fill('Paid twice at the till')
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click()
  await clerk.getByText('Paid twice at the till').first().waitFor()
  await clerk.goto('/approvals')
  const mine = clerk.getByRole('listitem').filter({ hasText: 'Paid twice at the till' })
  await mine.getByText('helpdesk proposed it').waitFor()
  t.equal(await mine.getByRole('button', { name: 'Approve', exact: true }).count(), 0, 'nobody approves their own')
  await journey.screenshot(clerk, '5-proposed')

  const accountant = await journey.signedIn('accountant')
  await accountant.goto('/approvals')
  const theirs = accountant.getByRole('listitem').filter({ hasText: 'Paid twice at the till' })
  await theirs.getByText('162.50').waitFor()
  await journey.screenshot(accountant, '5-approve')
  await theirs.getByRole('button', { name: 'Approve', exact: true }).click()
  await theirs.waitFor({ state: 'detached' })
  await clerk.goto('/cards')
  await clerk.locator('h1').waitFor()
  await scan(clerk, sold[0]?.number ?? '')
  await clerk.waitForURL('**/cards/*')
  await clerk.getByText('162.50').first().waitFor()
})

const TILL = 'DEMO0001'

t.test('10: fifty rows of a till’s journal beside the cases', async (t) => {
  const paid = Array.from({ length: 3 }, (_, at) => ({ amount: `${at + 3}.0${at}`, card: `sold:${at + 3}` }))
  for (const { amount, card } of paid) await journey.send('payment', '--card', card, '--amount', amount)
  const clerk = await journey.signedIn('accountant')
  await clerk.goto('/cases')
  const cases = clerk.getByRole('table', { name: 'Cases' })
  for (const { amount } of paid) await cases.getByText(amount).first().waitFor()
  const others = Array.from({ length: 47 }, (_, at) => [TILL, 500_000 + at, `${at + 100}.00`, '1234'])
  const rows = [...paid.map(({ amount }, at) => [TILL, '', amount, endOf(at + 2)]), ...others]
  const file = join(journey.akart.home, 'journal.csv')
  await writeFile(file, ['Till;STAN;Amount;Card', ...rows.map((row) => row.join(';'))].join('\r\n'))

  await clerk.getByRole('button', { name: 'Match a journal', exact: true }).click()
  const dialog = clerk.getByRole('dialog')
  await dialog.getByLabel('Store', { exact: true }).selectOption('000000000000001')
  const [chooser] = await Promise.all([clerk.waitForEvent('filechooser'), dialog.getByLabel('File').click()])
  await chooser.setFiles(file)
  await dialog.getByRole('button', { name: 'Read', exact: true }).click()
  await dialog.getByLabel('Last four', { exact: true }).selectOption('Card')
  await journey.screenshot(clerk, '10-columns')
  await dialog.getByRole('button', { name: 'Compare', exact: true }).click()
  await clerk.waitForURL('**/journals/*')
  const table = clerk.getByRole('table', { name: 'Rows of the journal' })
  await table.getByText('Likely').first().waitFor()
  t.equal(await table.getByText('Likely').count(), 3)
  t.equal(await table.getByRole('row').count(), 51)
  await table.getByLabel('Select this page').check()
  await clerk.getByLabel('Reason', { exact: true }).fill('Journal of the till')
  await clerk.getByRole('button', { name: 'Decide 3 rows' }).click()
  await clerk.getByText('3 decided, 0 not.').waitFor()
  await table.getByText('It happened').nth(3).waitFor()
  await journey.screenshot(clerk, '10-decided')
  const { code, said } = await journey.verifyLedger()
  t.equal(code, 0, said)
})

const endOf = (at: number): string => sold[at]?.number.slice(-4) ?? ''

/** The right that a page of the navigation needs; null: none. */
const PAGES: Readonly<Record<string, readonly (keyof typeof RIGHTS)[] | null>> = {
  Today: ['today.see'],
  Cases: ['cases.find'],
  Approvals: null,
  Cards: ['cards.find'],
  Transactions: ['transactions.find'],
  Users: ['users.edit', 'audit.see'],
  Audit: ['audit.see'],
  Alerts: ['alerts.see'],
  Jobs: null,
  Settings: ['settings.edit', 'audit.see'],
  Profile: null,
}

t.test('11: each role sees the pages that the table of rights gives it, and is refused the others', async (t) => {
  const page = await journey.visit({ refusals: true })
  for (const { login, role } of demoPeople.filter((person) => !/\d$/u.test(person.login))) {
    await page.context().clearCookies()
    await signIn(page, login, DEMO_PASSWORD)
    const navigation = page.getByRole('navigation').first()
    await navigation.getByRole('link', { name: 'Profile', exact: true }).waitFor()
    for (const [name, needs] of Object.entries(PAGES)) {
      const may = needs === null || needs.some((right) => role in RIGHTS[right].roles)
      const link = navigation.getByRole('link', { name: new RegExp(`^${name}\\b`, 'u') })
      t.equal(await link.count(), may ? 1 : 0, `${role}: ${name}`)
      if (needs === null || may) continue
      const status = await page.evaluate((path) => fetch(path).then((answer) => answer.status), FORBIDDEN[name] ?? '')
      t.equal(status, 403, `${role}: the server says so too: ${name}`)
    }
  }
})

const FORBIDDEN: Readonly<Record<string, string>> = {
  Today: '/api/today',
  Cases: '/api/cases',
  Cards: '/api/cards',
  Transactions: '/api/transactions',
  Users: '/api/users',
  Audit: '/api/audit',
  Alerts: '/api/alerts',
  Settings: '/api/settings',
}

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
