import t from 'tap'
import { openList } from '../../../src/office/welfare/open-list.ts'
import { isRefused } from '../../../src/office/refusal.ts'
import { journeys, scan, tabTo } from './setting.ts'
import { approve, chooseList, downloaded } from './welfare-steps.ts'

/*
 * A personnel clerk's way: template down, filled, three mistakes named, corrected, proposed, approved by a second person,
 * result down, one leaver recalled.
 */

const journey = await journeys(t)
const HEAD = 'employee,name,amount'

t.test('from the template to money on cards, and one leaver recalled', async (t) => {
  const clerk = await journey.signedIn('accountant')
  await clerk.goto('/welfare')
  await clerk.getByRole('heading', { level: 1, name: 'Welfare' }).waitFor()
  const template = await downloaded(clerk, 'Template')
  const read = await openList({ name: 'template.xlsx', content: template })
  t.notOk(isRefused(read), 'the template can be read')

  await clerk.getByRole('button', { name: 'Check list' }).click()
  await chooseList(clerk, 'list.csv', [
    HEAD,
    '1001,Anna Baran,120.50',
    '1002,,ten',
    '1099,,50',
    '1003,,1500',
    '1004,,80',
  ])
  await clerk.getByRole('dialog').getByRole('button', { name: 'Check list' }).click()
  await clerk.waitForURL(/\/welfare\/\d+$/u)
  const findings = clerk.getByRole('table', { name: 'Findings' })
  for (const [row, finding] of [
    ['3', 'This is not an amount.'],
    ['4', 'FABRYKA has no employee 1099.'],
    ['5', 'In this year it would be 1,500.00 of 1,000.00 from this fund.'],
  ] as const) {
    const found = findings.getByRole('row').filter({ hasText: finding })
    t.equal(await found.getByRole('cell').first().textContent(), row)
  }
  await journey.screenshot(clerk, '16-findings')
  t.ok((await downloaded(clerk, 'Wrong rows')).length > 0)
  await clerk.getByRole('button', { name: 'Load corrected rows' }).click()
  await chooseList(clerk, 'corrected.csv', ['row,employee,amount', '3,1002,100', '4,1009,50', '5,1003,150'])
  await clerk.getByRole('dialog').getByRole('button', { name: 'Load corrected rows' }).click()
  await clerk.getByText('Nothing was found').waitFor()
  // From here to money on the cards without a mouse.
  await tabTo(clerk, 'Reason')
  await clerk.keyboard.type('Christmas')
  await tabTo(clerk, 'Propose')
  await clerk.keyboard.press('Enter')
  await clerk.getByRole('banner').or(clerk.locator('header')).getByText('Proposed').first().waitFor()

  const second = await journey.signedIn('accountant2')
  await second.goto('/approvals')
  await second.getByText('Welfare batch').first().waitFor()
  await tabTo(second, 'Approve')
  await second.keyboard.press('Enter')
  await clerk.getByText('Booked').first().waitFor()
  // By itself it would go 20 s after it was said.
  await clerk.getByText('it waits for a second person').waitFor({ state: 'hidden', timeout: 10_000 })
  t.ok((await downloaded(clerk, 'Result')).length > 0)
  await journey.screenshot(clerk, '16-booked')

  await clerk.getByRole('button', { name: 'Recall' }).click()
  const dialog = clerk.getByRole('dialog')
  await dialog.getByLabel('Numbers of employees').fill('1004')
  await dialog.getByLabel('Reason', { exact: true }).fill('has left')
  await dialog.getByRole('button', { name: 'Recall', exact: true }).click()
  await approve(second, 'Recall of welfare')
  await clerk.goto('/welfare')
  const recalls = clerk.getByRole('table', { name: 'Recalls' })
  await recalls.getByText('80.00').first().waitFor()
  await recalls.getByText('Booked').waitFor()
  const { code, said } = await journey.verifyLedger()
  t.equal(code, 0, said)
})

t.test('without a mouse: somebody is found, gets another card by a scan, and leaves', async (t) => {
  const page = await journey.signedIn('accountant')
  const [card] = journey.cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN')
  await page.goto('/welfare')
  await page.getByRole('table', { name: 'Employers' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('Celina Duda', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/welfare\/employers\/FABRYKA\?q=/u)
  const row = page.getByRole('table', { name: 'Employees' }).getByRole('row').filter({ hasText: 'Celina Duda' })
  await row.waitFor()
  await journey.screenshot(page, '16-employee')
  await page.locator('main').press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await scan(page, card?.number ?? '')
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Card' })
  await page.locator('button:not([disabled])', { hasText: 'Link card' }).waitFor()
  t.equal(await field.inputValue(), card?.number)
  await journey.screenshot(page, '16-link')
  await tabTo(page, 'Link card')
  await page.keyboard.press('Enter')
  await row.getByText(card?.number.slice(-4) ?? '').waitFor()
  // While it closes, it takes the key.
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('Enter')
  await tabTo(page, 'Has left')
  await page.keyboard.press('Enter')
  await row.getByText('Has left').waitFor()
})

t.test('in Polish, dark: the same list is named', async (t) => {
  const page = await journey.signedIn('accountant', { language: 'pl-PL', scheme: 'dark', refusals: true })
  await page.goto('/welfare')
  await page.getByRole('heading', { level: 1, name: 'Świadczenia' }).waitFor()
  await page.getByRole('button', { name: 'Sprawdź listę' }).click()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('dialog').getByRole('button', { name: 'Lista', exact: true }).click()
  const lines = [HEAD, '1005,,33', '1006,,44']
  await (await choosing).setFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByRole('dialog').getByRole('button', { name: 'Sprawdź listę' }).click()
  await page.getByText('Brak uwag').waitFor()
  await journey.screenshot(page, '16-polish')
  await page.goto('/welfare')
  await page.getByRole('button', { name: 'Sprawdź listę' }).click()
  const again = page.waitForEvent('filechooser')
  await page.getByRole('dialog').getByRole('button', { name: 'Lista', exact: true }).click()
  await (await again).setFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) })
  await page.getByRole('dialog').getByRole('button', { name: 'Sprawdź listę' }).click()
  t.match(await page.getByRole('alert').textContent(), /Ta lista to partia \d+/)
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
