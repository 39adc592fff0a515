// Section 7: MACs, by an implementation of our own. `Till.send` checks the MAC of every answer that it gets.
import t from 'tap'
import { startAkart } from './akart.ts'
import { onTestServer } from '../up.ts'
import { macOf } from './mac.ts'
import { ruleFaults } from './rules.ts'
import { openStage } from './story.ts'
import type { Till } from './till.ts'
import { encode, type Fields, type Message } from './wire.ts'

const akart = await startAkart(await onTestServer(t))
const stage = openStage(akart)
t.teardown(async () => {
  stage.close()
  await akart.remove()
})

t.test('our own MACs against published vectors', (t) => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex')
  // ISO/IEC 9797-1, annex: algorithm 3, padding method 1
  const retail = macOf('retail', hex('0123456789abcdeffedcba9876543210'), Buffer.from('Now is the time for all '))
  t.equal(retail.toString('hex'), 'a1c72e74ea3fa9b6')
  // RFC 4493, section 4, examples 1 to 3
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c')
  const text = hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411')
  t.equal(macOf('aes-cmac', key, text.subarray(0, 0)).toString('hex'), 'bb1d6929e9593728')
  t.equal(macOf('aes-cmac', key, text.subarray(0, 16)).toString('hex'), '070a16b46b4d4144')
  t.equal(macOf('aes-cmac', key, text).toString('hex'), 'dfa66747de9ae630')
  t.end()
})

const story = `
    A=payment 10 sold               -> 00 140/140
    confirm A                       -> 00
    repeat A                        -> same
    again A                         -> same
    again A 11                      -> 94
    B=topup 50 sold                 -> 00 190/140
    reverse B                       -> 00
    repeat B                        -> 21 REVERSED
    C=cancel A                      -> 00 150/140 took=10
    confirm C                       -> 00
    payment 999 sold                -> 51 150/150
    payment 10 sold badValue        -> 14
    payment 10 sold 3=990000        -> 12
    payment 10 sold 42=000000000000002 -> 03 STORE
    balance sold                    -> 00 150/150`

const payment = (till: Till, track: string, fields: Fields = {}): Message =>
  till.message('0200', { 3: '006000', 4: '000000001000', 22: '022', 35: track, 49: '985', ...fields })

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[copy.length + at] = (copy[copy.length + at] ?? 0) ^ 1
  return copy
}

for (const [name, otherName] of [
  ['DEMO0002', 'DEMO0003'],
  ['DEMO0003', 'DEMO0002'],
] as const) {
  await stage.play(t, `${name}: good MACs are answered with good MACs`, story, name)

  t.test(`${name}: every length of a message`, async (t) => {
    const till = await stage.till(name)
    const track = akart.card('sold').track2
    for (let length = 1; length <= 17; length += 1) {
      const answer = await till.send(
        till.message('0100', { 3: '316000', 22: '022', 35: track, 59: 'x'.repeat(length) }),
      )
      t.equal(answer.fields[39], '00', `DE59 of ${length}`)
    }
  })

  t.test(`${name}: in 128 where there is a secondary bitmap`, async (t) => {
    const till = await stage.till(name)
    const echo = await till.send(till.message('0800', { 70: '301' }))
    t.same([echo.mti, echo.fields[39], echo.fields[64], echo.fields[128]?.length], ['0810', '00', undefined, 8])
    const request = till.message('0100', { 3: '316000', 22: '022', 35: akart.card('sold').track2 })
    const answer = await till.line().ask(request, till.seal(request, {}, true))
    t.equal(answer.fields[39], '00', 'a secondary bitmap with nothing but the MAC')
  })

  t.test(`${name}: bad and missing MACs are 63, nothing is done, the line stays`, async (t) => {
    const till = await stage.till(name)
    const stranger = await stage.till(otherName)
    const card = akart.card('sold')
    const request = payment(till, card.track2)
    const sealed = till.seal(request)
    const rows: readonly (readonly [title: string, bytes: Buffer])[] = [
      ['no MAC', encode(request)],
      ['the key of another terminal', stranger.seal(request)],
      ['zeros', Buffer.concat([sealed.subarray(0, -8), Buffer.alloc(8)])],
      ...[-1, -2, -3, -4, -5, -6, -7, -8].map((at) => [`byte ${at} flipped`, flipped(sealed, at)] as const),
      ['a currency changed on the way', flipped(sealed, -9)],
      [
        'a MAC of another amount',
        Buffer.concat([
          sealed.subarray(0, -8),
          till.seal(payment(till, card.track2, { 4: '000000002000' })).subarray(-8),
        ]),
      ],
    ]
    for (const [title, bytes] of rows) {
      const answer = await till.line().ask(request, bytes)
      const sent = title.startsWith('a currency')
        ? { ...request, fields: { ...request.fields, 49: answer.fields[49] } }
        : request
      t.same([answer.fields[39], answer.fields[44], ...ruleFaults(sent, answer)], ['63', 'MAC'], title)
    }
    const good = await till.send(request)
    t.match(good.fields, { 39: '00', 54: /C000000014000$/ }, 'the same key may come again, and was booked once')
  })

  t.test(`${name}: the MAC is required on every message`, async (t) => {
    const till = await stage.till(name)
    const original = payment(till, akart.card('sold').track2)
    await till.send(original)
    const named = { 3: '006000', 90: `0200${original.fields[11]}${original.fields[7]}${'0'.repeat(22)}` }
    const rows: readonly (readonly [mti: string, fields: Fields])[] = [
      ['0100', { 3: '316000', 22: '022', 35: original.fields[35] }],
      ['0202', named],
      ['0400', named],
      ['0420', named],
      ['0800', { 70: '301' }],
      ['0800', { 70: '001' }],
    ]
    for (const [mti, fields] of rows) {
      const request = till.message(mti, fields)
      const answer = await till.line().ask(request, encode(request))
      t.same([answer.fields[39], answer.fields[44], ...ruleFaults(request, answer)], ['63', 'MAC'], mti)
    }
    const misplaced = till.message('0800', { 70: '301' })
    const answer = await till
      .line()
      .ask(misplaced, encode({ ...misplaced, fields: { ...misplaced.fields, 64: '12345678' } }))
    t.ok(['63', '30'].includes(answer.fields[39] ?? ''), 'a MAC in 64 of a message with a secondary bitmap')
  })

  t.test(`${name}: order of faults`, async (t) => {
    const till = await stage.till(name)
    const track = akart.card('sold').track2
    const rows: readonly (readonly [title: string, fields: Fields, code: string])[] = [
      ['30 before 63', { 4: undefined }, '30'],
      ['unknown terminal before 63', { 41: 'NOSUCH01' }, '58'],
      ['63 before the store', { 42: '000000000000099' }, '63'],
      ['63 before an unsupported code', { 3: '990000' }, '63'],
      ['63 before the card', { 35: undefined, 2: '6299199999999990', 22: '012' }, '63'],
    ]
    for (const [title, fields, code] of rows) {
      const request = payment(till, track, fields)
      t.equal((await till.line().ask(request, encode(request))).fields[39], code, title)
    }
  })
}

t.test("a message with MAC bits that are nobody's is not believed at an unknown terminal", async (t) => {
  const till = await stage.till('DEMO0002')
  const request = payment(till, akart.card('sold').track2, { 41: 'NOSUCH01' })
  const answer = await till.line().ask(request, till.seal(request))
  t.equal(answer.fields[39], '58')
})

t.test('the books', async (t) => {
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
