import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import t from 'tap'
import { journeys } from './setting.ts'

/* Two accountants close a month from these screens alone: tills, settlement, notes, bookings; and a counterparty pays. */

const journey = await journeys(t)
const till = (terminal: string, ...options: readonly string[]) =>
  journey.send(...options, '--terminal', terminal, '--confirm')
await till('DEMO0001', 'sale', '--card', 'sellable', '--amount', '100.00')
await till('DEMO0001', 'top-up', '--card', 'sold', '--amount', '50.00')
await till('DEMO0001', 'payment', '--card', 'sold', '--amount', '20.25')
await till('DEMO0001', 'payment', '--card', 'sold:2', '--amount', '9.75')
await journey.send('end-of-day', '--terminal', 'DEMO0001')

const accountant = await journey.signedIn('accountant')
const other = await journey.signedIn('accountant2')
const download = async (page: Page, act: () => Promise<unknown>): Promise<Buffer> => {
  const [file] = await Promise.all([page.waitForEvent('download'), act()])
  return readFile(await file.path())
}
const approve = async (subject: RegExp | string): Promise<void> => {
  await other.goto('/approvals')
  const item = other.getByRole('listitem').filter({ hasText: subject })
  await item.getByRole('button', { name: 'Approve', exact: true }).click()
  await item.waitFor({ state: 'detached' })
}

const ACCOUNTS = ['Balances on cards', 'Due from stores', 'Due to stores', 'Due from counterparties', 'Corrections', 'Breakage', 'Bank'] // prettier-ignore

t.test('the month is closed by two accountants, and nothing is left over', async (t) => {
  await accountant.goto('/reports/tills')
  const tills = accountant.getByRole('table', { name: 'Tills' })
  await tills.getByRole('row').filter({ hasText: 'DEMO0001' }).getByText('yes').first().waitFor()

  await accountant.goto('/reports/settlement')
  const figures = async (table: Locator): Promise<number[]> =>
    (await table.getByRole('row').last().getByRole('cell').allInnerTexts()).slice(-3).map((text) => Number(text.replace(',', ''))) // prettier-ignore
  const open = accountant.getByRole('table', { name: 'Settlement' })
  await open.getByText('30.00').first().waitFor()
  // With what the demo's cards were loaded with.
  const [tookIn = 0, gaveOut, left] = await figures(open)
  t.same([gaveOut, left], [30, tookIn - 30], 'what the tills gave out')
  const [from, to] = await Promise.all(
    ['From', 'To'].map((name) => accountant.getByLabel(name, { exact: true }).inputValue()),
  )

  await accountant.goto('/settlements')
  await accountant.getByText('No settlement yet').waitFor()
  await accountant.getByRole('button', { name: 'Propose settlement', exact: true }).click()
  const dialog = accountant.getByRole('dialog')
  await dialog.getByLabel('From', { exact: true }).fill(from ?? '')
  await dialog.getByLabel('To', { exact: true }).fill(to ?? '')
  await dialog.getByLabel('Reason', { exact: true }).fill('Month end')
  await dialog.getByRole('button', { name: 'Propose settlement', exact: true }).click()
  await accountant.waitForURL(/\/settlements\/\d+/u)
  await accountant.getByText('Waits for a second accountant').waitFor()
  await accountant.goto('/approvals')
  const mine = accountant.getByRole('listitem').filter({ hasText: 'Month end' })
  await mine.getByText('accountant proposed it').waitFor()
  t.equal(await mine.getByRole('button', { name: 'Approve', exact: true }).count(), 0, 'nobody closes their own')

  await approve('Month end')
  await accountant.goto('/settlements')
  await accountant.getByRole('table', { name: 'Settlements' }).getByRole('link', { name: '1', exact: true }).click()
  await accountant.getByRole('heading', { level: 1, name: 'Settlement 1' }).waitFor()
  const lines = accountant.getByRole('table', { name: 'Lines' })
  const [receivable, payable, net] = await figures(lines)
  t.same([receivable, payable, net], [tookIn, gaveOut, left], 'closed as it was')
  await journey.screenshot(accountant, 'settlement-one')

  const notes = await download(accountant, async () => {
    await accountant.getByRole('button', { name: 'Notes', exact: true }).click()
    await accountant.getByRole('menuitem', { name: 'All stores', exact: true }).click()
  })
  t.equal(notes.subarray(0, 5).toString(), '%PDF-')

  await accountant.goto('/settlements')
  for (const [i, account] of ACCOUNTS.entries()) {
    await accountant.getByLabel(account, { exact: true }).fill(`20${i}-1`)
  }
  await accountant.getByRole('button', { name: 'Save', exact: true }).click()
  await accountant.getByText('Saved.').first().waitFor()
  const month = accountant.getByLabel('Month', { exact: true })
  const first = new Date()
  first.setUTCDate(0)
  t.equal(await month.inputValue(), first.toISOString().slice(0, 7), 'the month that is over is booked, unless another one is asked for') // prettier-ignore
  await month.fill((to ?? '').slice(0, 7))
  const booked = await download(accountant, async () => {
    await accountant.getByRole('button', { name: 'Export month', exact: true }).click()
    await accountant.getByRole('menuitem', { name: 'CSV', exact: true }).click()
  })
  const onCards = [...String(booked).matchAll(/,200-1,000000000000001,[^\r]*,(\d+\.\d\d),(\d+\.\d\d)\r/gu)]
  const liability = onCards.reduce((sum, [, debit, credit]) => sum + Number(credit) - Number(debit), 0)
  t.equal((Number(net) - liability).toFixed(2), '0.00', 'the settlement and the general ledger differ by nothing')
})

t.test('a counterparty pays, and gets a credit limit', async (t) => {
  await accountant.goto('/counterparties')
  const list = accountant.getByRole('table', { name: 'Counterparties' })
  await list.getByRole('link', { name: 'FABRYKA', exact: true }).click()
  await accountant.getByRole('button', { name: 'Enter payment', exact: true }).click()
  const pay = accountant.getByRole('dialog')
  await pay.getByLabel('Amount', { exact: true }).fill('1,250.50')
  await pay.getByLabel('Reference', { exact: true }).fill('FT2026X1')
  await pay.getByLabel('Note', { exact: true }).fill('Advance')
  await pay.getByRole('button', { name: 'Enter payment', exact: true }).click()
  const payments = accountant.getByRole('table', { name: 'Payments' })
  await payments.getByText('Waits').waitFor()
  await accountant.getByRole('button', { name: 'Set credit limit', exact: true }).click()
  const limit = accountant.getByRole('dialog')
  await limit.getByLabel('Amount', { exact: true }).fill('5000')
  await limit.getByLabel('Reason', { exact: true }).fill('As agreed')
  await limit.getByRole('button', { name: 'Set credit limit', exact: true }).click()
  await limit.waitFor({ state: 'detached' })
  await approve('Advance')
  await approve('As agreed')
  await accountant.reload()
  await payments.getByText('Approved', { exact: true }).waitFor()
  await accountant.getByText('−250.50').first().waitFor()
  await accountant.getByText('5,000.00').first().waitFor()
  await accountant.getByRole('table', { name: 'Statement' }).getByText('FT2026X1').waitFor()
  await journey.screenshot(accountant, 'counterparty-one')
  const statement = await download(accountant, async () => {
    await accountant.getByRole('button', { name: 'Statement as a file', exact: true }).click()
    await accountant.getByRole('menuitem', { name: 'CSV', exact: true }).click()
  })
  t.match(String(statement), /FT2026X1,,PLN,0\.00,1250\.50,-250\.50/u)
  t.same(journey.complaints(), [], 'no browser complained')
})
