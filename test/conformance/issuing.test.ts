// From a plan to cards in a shop, typed as by an issuer, and then at a till: the switch accepts what is in the file.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startAkart } from './akart.ts'
import { onTestServer } from '../up.ts'
import { openTill } from './till.ts'

const akart = await startAkart(await onTestServer(t))
t.teardown(akart.remove)

const PLAN = `
code: SHOP
name: Karta podarunkowa Święta
prefix: "629914"
count: 60
saleMinimum: 10
saleMaximum: 500
payByNumber: yes
barcode: ean13
ecommerceAfterHours: 2
packs: no
`

/** Types a command, expects the exit code, returns the output. */
async function types(
  t: { readonly equal: (found: unknown, wanted: unknown, about: string) => boolean },
  code: number,
  ...words: string[]
): Promise<string> {
  const ran = await akart.command(...words)
  t.equal(ran.code, code, `${words.slice(0, 3).join(' ')}: ${ran.said}`)
  return ran.said
}

t.test('the issuer', async (t) => {
  const plan = join(akart.home, 'shop.yaml')
  await writeFile(plan, PLAN)
  await writeFile(plan, PLAN.replace('count: 60', 'count: none'))
  const wrong = await types(t, 2, 'issue', 'create', plan, '--sale-step', '0.001')
  t.match(wrong, /shop\.yaml:5: count must be a whole number of cards.*\n--sale-step must be an amount/)
  await writeFile(plan, PLAN)
  t.match(await types(t, 0, 'issue', 'create', plan, '--who', 'anna'), /issue SHOP: draft, 60 cards/)
  await types(t, 0, 'issue', 'change', 'SHOP', '--count', '40', '--who', 'anna')
  t.match(await types(t, 0, 'issue', 'generate', 'SHOP', '--who', 'anna'), /issue SHOP: 40 cards made/)
  const file = join(akart.home, 'cards.csv')
  const said = await types(t, 0, 'issue', 'export', 'SHOP', '--maker', 'csv', '--to', file, '--who', 'anna')
  t.match(said, /40 cards in .*cards\.csv/)
})

/** The answer that does not begin so any more; asked again until then. */
async function sooner(ask: () => Promise<string>, before: string): Promise<string> {
  for (;;) {
    const said = await ask()
    if (!said.startsWith(before)) return said
    await sleep(50)
  }
}

t.test('the shop', async (t) => {
  const rows = (await readFile(join(akart.home, 'cards.csv'), 'utf8')).trim().split('\r\n').slice(1)
  const cards = rows.map((row) => {
    const [, number = '', , track1 = '', track2 = '', barcode = '', ecode = ''] = row.split(',')
    return { number, track1: track1.slice(1, -1), track2: track2.slice(1, -1), barcode, ecode }
  })
  const [first, second] = cards
  if (first === undefined || second === undefined) throw new Error('no cards')
  const till = await openTill(akart, 'DEMO0004')
  t.teardown(async () => till.line().end())
  const answer = async (mti: string, fields: Record<number, string>): Promise<string> => {
    const { fields: said } = await till.send(till.message(mti, { 49: '985', ...fields }))
    return [said[39], said[44], said[54]?.slice(-12)].filter((part) => part !== undefined).join(' ')
  }
  const sale = (card: typeof first) => answer('0200', { 3: '900060', 4: '000000005000', 22: '022', 35: card.track2 })

  t.equal(await sale(first), '78 PACK 000000000000', 'not activated yet')
  await types(t, 0, 'issue', 'activate', 'SHOP', '--who', 'jan')
  // Every process knows within a second or so.
  t.equal(await sooner(() => sale(first), '78 PACK 000000000000'), '00 000000005000')
  t.equal(await sale(first), '78 SOLD 000000005000')
  t.equal(await answer('0200', { 3: '006000', 4: '000000001000', 22: '022', 35: first.track2 }), '00 000000004000')
  t.equal(await answer('0200', { 3: '006000', 4: '000000000500', 22: '022', 45: first.track1 }), '00 000000003500')
  t.equal(
    await answer('0200', { 3: '006000', 4: '000000000100', 22: '032', 2: first.barcode }),
    '00 000000003400',
    'EAN-13',
  )
  t.equal(
    await answer('0100', { 3: '316000', 22: '032', 2: first.number }),
    '00 000000003400',
    'or the number, scanned',
  )
  t.equal(await answer('0100', { 3: '316000', 22: '012', 2: first.barcode }), '14', 'an EAN-13 cannot be keyed')
  const last = (Number(first.barcode.at(-1)) + 1) % 10
  t.equal(
    await answer('0100', { 3: '316000', 22: '032', 2: `${first.barcode.slice(0, -1)}${last}` }),
    '14',
    'its check digit',
  )
  const byEcode = { 3: '006000', 4: '000000000100', 22: '812', 2: first.number, 62: first.ecode }
  t.equal(await answer('0200', byEcode), '57 ENTRY 000000003400', 'e-commerce opens later')
  t.equal(await answer('0100', { 3: '316000', 22: '812', 2: first.number, 62: first.ecode }), '00 000000003400')
  t.equal(await answer('0100', { 3: '316000', 22: '812', 2: first.number, 62: second.ecode }), '55', 'of another card')

  await types(t, 0, 'issue', 'close', 'SHOP', '--reason', 'the season is over', '--who', 'jan')
  const tooLittle = () => answer('0200', { 3: '900060', 4: '000000000001', 22: '022', 35: second.track2 })
  await sooner(tooLittle, '13')
  t.equal(await sale(second), '57 ISSUE 000000000000', 'nothing is sold of it any more')
  t.equal(await answer('0200', { 3: '006000', 4: '000000003400', 22: '022', 35: first.track2 }), '00 000000000000')
})

t.test('who did what', async (t) => {
  const shown = await types(t, 0, 'issue', 'show', 'SHOP')
  for (const line of [
    /created +anna/,
    /changed +anna +count 60 → 40/,
    /generated +anna +40 cards/,
    /exported +anna +40 cards for csv/,
    /activated +jan/,
    /closed +jan +the season is over/,
  ]) {
    t.match(shown, line)
  }
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
