import { readFile } from 'node:fs/promises'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright-core'
import t from 'tap'
import { mailServer } from '../../mail-server.ts'
import { fillByKeyboard, journeys, scan } from './setting.ts'

/*
 * Journeys 4 and 6: from a plan to cards that a shop sells, by two people; and a pack that is received by scans with one
 * card missing. The maker's file that the browser downloads is opened with the maker's key, as the maker does.
 */

const mail = await mailServer(t)
const journey = await journeys(t, {
  AKART_MAIL_HOST: '127.0.0.1',
  AKART_MAIL_PORT: String(mail.port),
  AKART_MAIL_TLS: 'off',
  AKART_MAIL_FROM: 'cards@example.com',
})
const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)

type Printed = Readonly<Record<'serial' | 'number' | 'track2', string>>
let printed: readonly Printed[] = []
const numbers = (first: number, last: number): string[] => printed.slice(first - 1, last).map(({ number }) => number)

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByRole('dialog').getByLabel(name, { exact: true })
const state = (page: Page, name: string) => page.locator('main header').first().getByText(name, { exact: true })

/** Each step of an issue and of a pack, without a mouse. */
async function act(page: Page, name: string, reason: string): Promise<void> {
  await fillByKeyboard(page, name, [['Reason', reason]])
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function approve(page: Page, kind: string): Promise<void> {
  await page.goto('/approvals')
  const item = page.getByRole('listitem').filter({ hasText: kind }).first()
  await item.getByRole('button', { name: 'Approve', exact: true }).click()
  await item.waitFor({ state: 'detached' })
}

async function exported(page: Page): Promise<readonly Printed[]> {
  const waiting = page.waitForEvent('download')
  await inDialog(page, 'Export').click()
  const file = await readFile(await (await waiting).path())
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const clear = await decrypter.decrypt(new Uint8Array(file), 'text')
  return parse(clear, { columns: true })
}

async function makePack(page: Page, serials: string, recipient = 'store:000000000000001'): Promise<string> {
  await page.goto('/packs?issue=XMAS&make=yes')
  await page.getByRole('dialog').getByLabel('Serials').fill(serials)
  await page.getByRole('dialog').getByLabel('Recipient').selectOption(recipient)
  await page.getByRole('dialog').getByLabel('Reason').fill('first delivery')
  await inDialog(page, 'Make pack').click()
  await page.waitForURL(/\/packs\/\d+$/u)
  return page.url().split('/').at(-1) ?? ''
}

/** A scan goes to the dialog once it is there. */
async function receiving(page: Page): Promise<void> {
  await button(page, 'Receive').click()
  await page.getByRole('dialog').getByLabel('Card', { exact: true }).waitFor()
}

const [issuer, second, manager] = [
  await journey.signedIn('issuer', { refusals: true }),
  await journey.signedIn('issuer2'),
  await journey.signedIn('manager', { refusals: true }),
]

t.test('4: from a plan to cards that a shop can sell', async (t) => {
  await issuer.goto('/issues')
  await issuer.getByRole('heading', { level: 1, name: 'Issues' }).waitFor()
  await button(issuer, 'Plan issue').click()
  const plan = { Code: 'XMAS', Name: 'Święta 2026', Prefix: '6277', Cards: '40', 'Sale from': '20', 'Sale to': '1000' }
  for (const [name, value] of Object.entries(plan)) await field(issuer, name).fill(value)
  await field(issuer, 'Authorisation for sale').selectOption('yes')
  await inDialog(issuer, 'Plan issue').click()
  await issuer.getByRole('dialog').getByText('must be 6 to 8 digits; it is 6277').waitFor()
  await field(issuer, 'Prefix').fill('627799')
  await inDialog(issuer, 'Plan issue').click()
  await issuer.waitForURL(/\/issues\/XMAS$/u)
  await issuer.getByText('Next: Generate').waitFor()

  await button(issuer, 'Generate').press('Enter')
  await inDialog(issuer, 'Generate').and(issuer.locator(':focus')).press('Enter')
  await state(issuer, 'Generated').waitFor()

  await button(issuer, 'Proofs').click()
  await inDialog(issuer, 'Proofs').click()
  const pictures = issuer.getByRole('list', { name: 'Barcodes' }).getByRole('img')
  await pictures.nth(5).waitFor()
  t.match(await pictures.first().getAttribute('alt'), /^Serial 1, 627799•+\d{4}$/u, 'masked beside its barcode')
  await journey.screenshot(issuer, '17-proofs')
  await issuer.keyboard.press('Escape')

  const keyAndWhy = [['Public key', recipient], ['Reason', 'the key that the maker sent']] as const // prettier-ignore
  await fillByKeyboard(issuer, 'Export', [['Maker', 'c'], ...keyAndWhy], 'Propose')
  await issuer.getByRole('dialog').waitFor({ state: 'detached' })
  await approve(await journey.signedIn('accountant'), 'Key of card maker csv')
  await issuer.reload()
  await button(issuer, 'Export').click()
  await issuer.getByRole('dialog').getByText('set by issuer and accountant').waitFor()
  await issuer.getByRole('dialog').getByLabel('Reason').fill('for printing')
  printed = await exported(issuer)
  t.equal(printed.length, 40, 'the maker reads every card')
  await state(issuer, 'With the maker').waitFor()

  const pack = await makePack(issuer, '1-10')
  await act(issuer, 'Dispatch', 'by courier')
  await state(issuer, 'dispatched').waitFor()
  await issuer.goto('/issues/XMAS')
  await act(issuer, 'Activate', 'for Christmas')
  await journey.screenshot(issuer, '17-issue')

  await manager.goto(`/packs/${pack}`)
  await receiving(manager)
  for (const [at, number] of numbers(1, 10).entries()) {
    await scan(manager, number)
    const cards = at === 0 ? '1 card scanned' : `${at + 1} cards scanned`
    await manager.getByText(cards, { exact: true }).waitFor()
  }
  await inDialog(manager, 'Receive').click()
  await state(manager, 'received').waitFor()
  t.equal(await button(manager, 'Activate').count(), 0, 'what a role may not do is absent')

  await issuer.goto(`/packs/${pack}`)
  await act(issuer, 'Activate', 'all there')
  await state(issuer, 'active, not authorised').waitFor()
  t.equal(await button(issuer, 'Authorise').count(), 0, 'who activated it cannot authorise it')
  const early = await journey.send('sale', '--card', printed[0]?.track2 ?? '', '--amount', '50.00')
  t.equal(early.code, 1, 'not sold before the second person')
  await second.goto(`/packs/${pack}`)
  await act(second, 'Authorise', '')
  await state(second, 'active').waitFor()
  await journey.screenshot(second, '17-pack')
  const { code, said } = await journey.send(
    'sale',
    '--card',
    printed[0]?.track2 ?? '',
    '--amount',
    '50.00',
    '--confirm',
  )
  t.equal(code, 0, said)
})

t.test('6: a pack is received by scans with one missing', async (t) => {
  const pack = await makePack(issuer, '11-15')
  await act(issuer, 'Dispatch', 'by courier')
  await manager.goto(`/packs/${pack}`)
  await receiving(manager)
  const scans = manager.getByRole('list', { name: 'Scanning' })
  const [foreign = ''] = numbers(20, 20)
  await scan(manager, foreign)
  await scans.getByText('Not of this pack').waitFor()
  for (const number of numbers(11, 14)) await scan(manager, number)
  await manager.getByText('4 cards scanned', { exact: true }).waitFor()
  const [first = ''] = numbers(11, 11)
  await scan(manager, first)
  await scans.getByText('scanned already').waitFor()
  t.equal(await manager.getByLabel('Card', { exact: true }).inputValue(), '', 'no number stays in a field')

  await inDialog(manager, 'Receive').click()
  const [missing = ''] = numbers(15, 15)
  const alert = manager.getByRole('alert')
  await alert.getByText('1 card is missing').waitFor()
  t.match(await alert.textContent(), `627799••••••${missing.slice(-4)}`, 'named, and not in whole')
  t.notMatch(await manager.content(), missing)
  await journey.screenshot(manager, '17-missing')
  await manager.getByLabel('Report what is missing as lost').check()
  await manager.getByRole('dialog').getByLabel('Reason').fill('not in the parcel')
  await inDialog(manager, 'Receive').click()
  await state(manager, 'received').waitFor()
  await manager.getByRole('group', { name: 'Custody' }).getByText('1 missing and reported lost').waitFor()
})

t.test('a pack of the rows of a list', async () => {
  await issuer.goto('/cards?issue=XMAS&serialFrom=21&serialTo=23')
  const table = issuer.getByRole('table', { name: 'Cards' })
  await table.getByRole('checkbox', { name: 'Select this page' }).check()
  await issuer.getByRole('link', { name: 'Make pack' }).click()
  await inDialog(issuer, 'Check').click()
  await issuer.getByRole('dialog').getByText('3 cards in 1 range of serials').waitFor()

  await issuer.goto('/cards?issue=XMAS&serialFrom=16&serialTo=40&limit=50')
  await table.getByRole('checkbox', { name: 'Select this page' }).check()
  await issuer.getByRole('button', { name: /^Select all/u }).click()
  await issuer.getByRole('link', { name: 'Make pack' }).click()
  await inDialog(issuer, 'Check').click()
  await issuer.getByRole('dialog').getByText('25 cards in 1 range of serials').waitFor()
})

t.test('a pack is sold to a counterparty by two people', async () => {
  await makePack(issuer, '31-33', 'counterparty:FABRYKA')
  const dialog = issuer.getByRole('dialog')
  const skipped = 'Steps are left out: Dispatch, Receive'
  await fillByKeyboard(issuer, 'Activate', [[skipped, 'Space'], ['Reason', 'handed over here']]) // prettier-ignore
  await state(issuer, 'active, not authorised').waitFor()
  await second.goto(issuer.url())
  await act(second, 'Authorise', '')
  await issuer.reload()
  await fillByKeyboard(issuer, 'Sell', [['Amount', '50,00'], ['Reason', 'order 7']]) // prettier-ignore
  await dialog.waitFor({ state: 'detached' })
  await approve(second, 'Sale of a pack')
  await state(issuer, 'sold').waitFor()
})

t.test(
  'an e-card, without a mouse: sold by two people, mailed, mailed again; nobody here sees its number',
  async (t) => {
    const { keyboard } = issuer
    await issuer.goto('/today')
    await issuer.getByRole('heading', { level: 1 }).waitFor()
    await keyboard.press('g')
    await keyboard.press('v')
    await issuer.getByRole('heading', { level: 1, name: 'E-cards' }).waitFor()
    await button(issuer, 'Sell').focus()
    await keyboard.press('Enter')
    const dialog = issuer.getByRole('dialog')
    await dialog.getByLabel('Amount').fill('75')
    await dialog.getByLabel('Paid by').selectOption('store:000000000000001')
    await dialog.getByLabel('E-mail address').fill('ola@example.com')
    await dialog.getByLabel('Language of the mail').selectOption('pl')
    await dialog.getByLabel('Reason').fill('ordered by phone')
    await keyboard.press('Tab')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const accountant = await journey.signedIn('accountant')
    await approve(accountant, 'E-card by mail')
    const table = issuer.getByRole('table', { name: 'E-cards' })
    await table.getByText('sent', { exact: true }).waitFor()
    t.match(
      mail.received.map(({ to }) => to),
      ['ola@example.com'],
    )
    await journey.screenshot(issuer, '17-ecards')
    await table.getByRole('button', { name: /^Send again/u }).click()
    await dialog.getByLabel('Reason').fill('lost it')
    await inDialog(issuer, 'Send again').click()
    await table.getByText('sent 2 times').waitFor()
    t.notMatch(await issuer.content(), /629912[\d ]{10}/u, 'no whole number')
  },
)

t.test('a pack that is killed: nothing of it is sold any more', async (t) => {
  await issuer.goto('/packs?issue=XMAS')
  await issuer.getByRole('table', { name: 'Packs' }).getByRole('link', { name: /^\d+$/u }).last().click()
  await issuer.waitForURL(/\/packs\/\d+$/u)
  await act(issuer, 'Kill', 'stolen from the store')
  await state(issuer, 'killed').waitFor()
  const { code } = await journey.send('sale', '--card', printed[1]?.track2 ?? '', '--amount', '50.00')
  t.equal(code, 1)
})

t.test('limits by two people, in Polish and dark', async (t) => {
  const page = await journey.signedIn('issuer', { language: 'pl-PL', scheme: 'dark' })
  await page.goto('/issues/XMAS')
  const rules = page.getByRole('region', { name: 'Zasady' })
  await rules.filter({ hasText: /1\s000,00 PLN/u }).waitFor() // as people write it here
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Zaproponuj nowe limity' }).press('Enter')
  t.equal(await dialog.getByLabel('Sprzedaż do', { exact: true }).inputValue(), '1000,00')
  await dialog.getByLabel('Sprzedaż do', { exact: true }).fill('800.00')
  await dialog.getByLabel('Powód').fill('mniej ryzyka')
  await dialog.getByRole('button', { name: 'Zaproponuj', exact: true }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await approve(second, 'Limits of an issue')
  await page.reload()
  await rules.filter({ hasText: '800,00 PLN' }).waitFor() // in force
  const history = page.getByRole('region', { name: 'Historia' })
  await history.filter({ hasText: /Sprzedaż do: 1\s000,00 PLN → 800,00 PLN/u }).waitFor()
  await journey.screenshot(page, '17-issue-polish')
  await page.goto('/packs')
  await page.getByRole('heading', { level: 1, name: 'Paczki' }).waitFor()
})

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
