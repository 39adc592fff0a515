import t from 'tap'
import { journeys } from './setting.ts'

/* Journey 7: a sale at a till appears by itself. */

const journey = await journeys(t)

t.test('7: a card sold at a till appears on Today and among the transactions by itself', async (t) => {
  const [today, list] = [await journey.signedIn('accountant'), await journey.signedIn('auditor')]
  await today.goto('/today')
  await list.goto('/transactions')
  await today.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
  await list.getByRole('heading', { level: 1, name: 'Transactions' }).waitFor()
  const sold = await journey.send('sale', '--card', 'sellable', '--amount', '123.45', '--confirm')
  t.equal(sold.code, 0, sold.said)
  await today.getByRole('table', { name: 'Latest' }).getByText('123.45').first().waitFor()
  await list.getByRole('table', { name: 'Transactions' }).getByText('123.45').first().waitFor()
  await journey.screenshot(today, '7-today')
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
