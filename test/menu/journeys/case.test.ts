import t from 'tap'
import { journeys } from './setting.ts'

/* Journey 3: a payment that nobody confirms is cleared by a person. */

const journey = await journeys(t, { AKART_CONFIRM_TIMEOUT_SECONDS: '1' })

t.test('3: a payment that nobody confirms becomes a case, is cleared, and the ledger verifies', async (t) => {
  const paid = await journey.send('payment', '--card', 'sold:2', '--amount', '7.89')
  t.equal(paid.code, 0, paid.said)
  const page = await journey.signedIn('helpdesk')
  await page.goto('/cases')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
  const row = page.getByRole('table', { name: 'Cases' }).getByRole('row').filter({ hasText: '7.89' })
  await row.getByRole('link').first().click()
  await page.waitForURL('**/cases/*')
  await page.getByRole('heading', { level: 2, name: 'What the switch knows' }).waitFor()
  await journey.screenshot(page, '3-case')
  const decision = page.getByRole('form', { name: 'It happened' })
  await decision.getByLabel('Reason', { exact: true }).fill('The customer has the receipt')
  await decision.getByRole('button', { name: 'It happened', exact: true }).click()
  await page.getByText('The case is closed.').waitFor()
  const { code, said } = await journey.verifyLedger()
  t.equal(code, 0, said)
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
