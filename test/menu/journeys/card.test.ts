import { type Locator, type Page } from 'playwright-core'
import t from 'tap'
import { type DemoCard, journeys, scan } from './setting.ts'

/* Journeys 1, 2 and 12: a card is found by a scan and told of, blocked and unblocked; a decline is explained from the till's reference. */

const journey = await journeys(t)
const sold = journey.cards.filter(({ state, issue }) => state === 'sold' && issue === 'OPEN')
const card = (at: number): DemoCard => {
  const found = sold[at]
  if (found === undefined) throw new Error(`the demo has no sold card ${at}`)
  return found
}
const lastFour = ({ number }: DemoCard): string => number.slice(-4)

const h1 = (page: Page): Locator => page.getByRole('heading', { level: 1 })

t.test('1: found by a scan, its story read, blocked, unblocked', async (t) => {
  const page = await journey.signedIn('helpdesk')
  await h1(page).waitFor()
  await scan(page, card(0).number)
  await page.waitForURL('**/cards/*')
  await h1(page)
    .filter({ hasText: lastFour(card(0)) })
    .waitFor()
  t.notMatch(page.url(), card(0).number, 'the number is not in the address')
  await page.getByRole('group', { name: 'Story' }).getByText('Sale', { exact: true }).first().waitFor()
  await journey.screenshot(page, '1-story')

  await page.getByRole('button', { name: 'Block', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Kind').waitFor()
  t.same(await dialog.getByLabel('Kind').locator('option').allTextContents(), [
    "At the customer's wish",
    'Suspicion',
    'Lost',
    'Stolen',
  ])
  await dialog.getByLabel('Kind').selectOption('Suspicion')
  await dialog.getByLabel('Reason', { exact: true }).fill('Looks like a stolen one')
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('Blocked: Suspicion').first().waitFor()
  await page.getByText('Looks like a stolen one').waitFor()
  t.match(
    (await journey.send('payment', '--card', 'sold:1', '--amount', '1.00')).said,
    /"62"|59|suspic|blocked/iu,
    'a till is told so',
  )
  await journey.screenshot(page, '1-blocked')

  await page.getByRole('button', { name: 'Unblock', exact: true }).click()
  await dialog.getByLabel('Reason', { exact: true }).fill('The customer came with the receipt')
  await dialog.getByRole('button', { name: 'Unblock', exact: true }).click()
  await page.getByRole('button', { name: 'Block', exact: true }).waitFor()
  await page.getByText('The customer came with the receipt').waitFor()
  t.match(
    (await journey.send('payment', '--card', 'sold:1', '--amount', '1.00', '--confirm')).said,
    /"00"/u,
    'it pays again',
  )
})

t.test('a scan leaves nothing in a field that has the focus, nor in the history', async (t) => {
  const page = await journey.signedIn('helpdesk')
  await page.goto('/transactions')
  const reference = page.getByLabel('Reference', { exact: true })
  await reference.click()
  await scan(page, `;${card(1).track2}?`)
  await page.waitForURL('**/cards/*')
  await h1(page)
    .filter({ hasText: lastFour(card(1)) })
    .waitFor()
  await page.goBack()
  await reference.waitFor()
  t.equal(await reference.inputValue(), '')
  t.notMatch(page.url(), /[0-9]{13}/u)
})

t.test(
  'a stripe whose name has keys of the app in it, and both tracks at once, are one card and nothing else',
  async (t) => {
    const page = await journey.signedIn('helpdesk')
    const { track1, track2 } = card(6)
    const named = track1.replace('GIFT CARD', 'DOE/JOHN')
    for (const swiped of [`%${named}?`, `%${track1}?;${track2}?`]) {
      await page.goto('/cases')
      await h1(page).waitFor()
      await scan(page, swiped)
      await page.waitForURL('**/cards/*')
      await h1(page)
        .filter({ hasText: lastFour(card(6)) })
        .waitFor()
      t.equal(await page.getByRole('searchbox').inputValue(), '')
      t.equal(await page.getByRole('dialog').count(), 0)
    }
  },
)

t.test('2: a decline explained from the reference on the till’s receipt', async (t) => {
  const { said } = await journey.send('payment', '--card', 'sold:3', '--amount', '999.00')
  const reference = /"37":\s*"?([0-9A-Za-z]{12})/u.exec(said)?.[1] ?? ''
  t.match(reference, /^\w{12}$/u, said.slice(0, 400))
  const page = await journey.signedIn('helpdesk')
  await h1(page).waitFor()
  await page.keyboard.press('/')
  const box = page.getByRole('searchbox', { name: 'Find a card or transaction' })
  await box.fill(reference)
  await box.press('Enter')
  await page.waitForURL('**/transactions/*')
  const why = page.getByRole('region', { name: 'Why' })
  await why
    .getByText(/999\.00/u)
    .first()
    .waitFor()
  t.match(await why.textContent(), /What helps/u)
  await journey.screenshot(page, '2-decline')
})

t.test('12: journey 1 in Polish, dark, by keyboard alone', async (t) => {
  const page = await journey.signedIn('helpdesk', { language: 'pl-PL', scheme: 'dark' })
  await h1(page).waitFor()
  await page.keyboard.press('/')
  await scan(page, card(4).number)
  await page.waitForURL('**/cards/*')
  await h1(page)
    .filter({ hasText: lastFour(card(4)) })
    .waitFor()
  await page.keyboard.press('b')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Rodzaj').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Klient prosi', { delay: 40 })
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await journey.screenshot(page, '12-block')
  await page.keyboard.press('Enter')
  await page.getByText('Blokada: Na życzenie klienta').first().waitFor()
  await dialog.waitFor({ state: 'detached' })
  await page.keyboard.press('b')
  await dialog.getByLabel('Powód', { exact: true }).waitFor()
  await page.keyboard.type('Karta się znalazła', { delay: 40 })
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Zablokuj', exact: true }).waitFor()
  t.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
  await page.keyboard.press('g')
  await page.keyboard.press('x')
  await page.waitForURL('**/transactions')
  await h1(page).filter({ hasText: 'Transakcje' }).waitFor()
  await page.locator('main a[href^="/transactions/"]').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/transactions/*')
})

t.test(
  'the command palette: an act of the page, a page without its Polish letters, what was looked at; all keys',
  async () => {
    const page = await journey.signedIn('helpdesk', { language: 'pl-PL' })
    await h1(page).waitFor()
    await scan(page, card(5).number)
    await page.waitForURL('**/cards/*')
    const address = page.url()
    await page.getByRole('button', { name: 'Zablokuj', exact: true }).waitFor()
    const chosen = async (typed: string, entry: string): Promise<void> => {
      await page.keyboard.press('Control+k')
      const ask = page.getByRole('dialog', { name: 'Paleta poleceń' }).getByRole('combobox')
      await ask.fill(typed)
      await page.getByRole('option', { name: entry, selected: true }).waitFor()
      await page.keyboard.press('Enter')
      await ask.waitFor({ state: 'detached' })
    }
    await chosen('zablok', 'Zablokuj kartę')
    await page.getByRole('dialog').getByLabel('Rodzaj').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await chosen('wyjasn', 'Wyjaśnienia')
    await page.waitForURL('**/cases')
    await chosen(lastFour(card(5)), lastFour(card(5)))
    await page.waitForURL(address)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Klawiatura' }).getByText('Karty', { exact: true }).waitFor()
  },
)

t.test('rows are blocked together, with a preview, and one opposite action takes it back', async () => {
  const page = await journey.signedIn('helpdesk')
  await page.goto('/cards?state=sold&issue=OPEN')
  const rows = page.getByRole('table', { name: 'Cards' }).getByRole('row')
  for (const at of [1, 2]) await rows.nth(at).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('row')
    .filter({ hasText: 'Will be blocked' })
    .getByRole('cell', { name: '2', exact: true })
    .waitFor()
  await dialog.getByLabel('Kind').selectOption('Suspicion')
  await dialog.getByLabel('Reason').fill('A parcel is missing')
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await page.waitForURL('**/bulk/*')
  await page.getByText('2 done, 0 not').waitFor()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await dialog.getByLabel('Reason').fill('The parcel came')
  await dialog.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.getByRole('cell', { name: 'Undone', exact: true }).nth(1).waitFor()
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
