import t from 'tap'
import { journeys } from './setting.ts'

/* Journey 3: a payment that nobody confirms is cleared by a person. */

const journey = await journeys(t, { AKART_CONFIRM_TIMEOUT_SECONDS: '1' })

t.test('3: a payment that nobody confirms becomes a case, is cleared, and the ledger verifies', async (t) => {
  const paid = await journey.send('payment', '--card', 'sold:2', '--amount', '7.89')
  t.equal(paid.code, 0, paid.said)
  const other = await journey.send('payment', '--card', 'sold:3', '--amount', '6.54')
  t.equal(other.code, 0, other.said)
  const page = await journey.signedIn('helpdesk')
  await page.goto('/cases')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
  const badge = page
    .getByRole('navigation')
    .first()
    .getByRole('link', { name: /^Cases/u })
    .locator('span')
    .last()
  const open = () =>
    page.evaluate(() => fetch('/api/today').then((answer) => answer.json() as Promise<{ casesOpen: number }>))
  const row = page.getByRole('table', { name: 'Cases' }).getByRole('row').filter({ hasText: '7.89' })
  await row.getByRole('link').first().waitFor()
  await page.getByRole('table', { name: 'Cases' }).getByText('6.54').first().waitFor()
  const { casesOpen: before } = await open()
  t.equal(before, 2)
  await page.reload()
  await badge.filter({ hasText: new RegExp(`^${before}$`, 'u') }).waitFor()
  await row.getByRole('link').first().click()
  await page.waitForURL('**/cases/*')
  await page.getByRole('heading', { level: 2, name: 'What the switch knows' }).waitFor()
  await journey.screenshot(page, '3-case')
  await page.getByLabel('Reason').fill('The customer has the receipt')
  await page.getByRole('button', { name: 'It happened', exact: true }).click()
  await page.getByText('The case is closed.').waitFor()
  const { casesOpen } = await open()
  t.equal(casesOpen, before - 1)
  await badge.filter({ hasText: new RegExp(`^${before - 1}$`, 'u') }).waitFor()

  await page.goto('/cases')
  await page.getByRole('row').filter({ hasText: '6.54' }).getByRole('link').first().click()
  // Without a reason beside it, the button asks for one.
  await page.getByRole('button', { name: 'It did not happen', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason', { exact: true }).fill('The till cancelled it')
  await dialog.getByRole('button', { name: 'It did not happen', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('The till cancelled it').waitFor()

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.waitForURL('**/sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  const { code, said } = await journey.verifyLedger()
  t.equal(code, 0, said)
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
