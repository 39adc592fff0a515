// Section 4: a request has one effect and one answer, however often, on however many lines and in whatever order it
// comes. The races are repeated: a race that is wrong once in a while is wrong.
import t from 'tap'
import { startAkart, type Card } from './akart.ts'
import { onTestServer } from '../up.ts'
import { openLine, type Answer } from './line.ts'
import { onceStories } from './stories/once.ts'
import { originalOf, openStage } from './story.ts'
import { encode, frame, type Fields, type Message } from './wire.ts'

const akart = await startAkart(await onTestServer(t))
const stage = openStage(akart)
const till = await stage.till('DEMO0001')
t.teardown(async () => {
  stage.close()
  await akart.remove()
})

for (const [title, story] of Object.entries(onceStories)) await stage.play(t, title, story)

const pay = (card: Card, fields: Fields = {}): Message =>
  till.message('0200', { 3: '006000', 4: '000000001000', 22: '022', 35: card.track2, 49: '985', ...fields })
const balanceOf = async (card: Card): Promise<string> => {
  const answer = await till.send(till.message('0100', { 3: '316000', 22: '022', 35: card.track2 }))
  return answer.fields[54] ?? `no balance: ${answer.fields[39]}`
}
const holding = (minor: number): string => {
  const amount = String(minor).padStart(12, '0')
  return `6001985C${amount}6002985C${amount}`
}
/** DE7 of a day ago. */
const yesterday = new Date(Date.now() - 86_400_000)
  .toISOString()
  .replaceAll(/[^0-9]/g, '')
  .slice(4, 14)
const codeOf = (answer: Answer): string => `${answer.mti} ${answer.fields[39]} ${answer.fields[44] ?? ''}`.trim()

t.test('the key is store, terminal, kind, STAN and DE7', async (t) => {
  const card = akart.card('sold')
  const first = pay(card)
  const other = akart.terminal('DEMO0006')
  const confirmation = { 3: '006000', 7: first.fields[7], 11: first.fields[11], 90: originalOf(first) }
  const rows: readonly (readonly [title: string, request: Message, answer: string])[] = [
    ['the first', first, '0210 00'],
    ['the same STAN at another time', pay(card, { 11: first.fields[11], 7: yesterday }), '0210 00'],
    [
      'the same STAN at another terminal',
      pay(card, { 11: first.fields[11], 7: first.fields[7], 41: 'DEMO0004' }),
      '0210 00',
    ],
    [
      'and in another store',
      pay(card, { 11: first.fields[11], 7: first.fields[7], 41: other.terminal, 42: other.store }),
      '0210 00',
    ],
    ['a confirmation with the STAN of its original', till.message('0202', confirmation), '0212 00'],
    ['a balance inquiry with it', { mti: '0100', fields: { ...first.fields, 3: '316000', 4: undefined } }, '0110 00'],
  ]
  for (const [title, request, answer] of rows) t.equal(codeOf(await till.send(request)), answer, title)
  t.equal(await balanceOf(card), holding(110_00), 'four payments')
})

t.test('a request doubled ten times on two lines at once', async (t) => {
  const lines = [await openLine(akart.address()), await openLine(akart.address())]
  for (let round = 0; round < 10; round += 1) {
    const card = akart.card('sold')
    const request = pay(card)
    const copies = Array.from({ length: 10 }, (_, index) => {
      const copy = { ...request, mti: index % 3 === 2 ? '0201' : '0200' }
      return (lines[index % 2] ?? till.line()).ask(copy, encode(copy))
    })
    const answers = await Promise.all(copies)
    const different = new Set(answers.map((answer) => answer.bytes.toString('latin1')))
    t.same(
      [different.size, codeOf(answers[0] as Answer), await balanceOf(card)],
      [1, '0210 00', holding(140_00)],
      `round ${round}`,
    )
  }
  for (const line of lines) line.end()
})

t.test('a payment and its reversal at once end at zero', async (t) => {
  const other = await openLine(akart.address())
  const card = akart.card('sold')
  for (let round = 0; round < 20; round += 1) {
    const request = pay(card)
    const reversal = till.message('0420', { 3: '006000', 90: originalOf(request) })
    const oneLine = round % 4 < 2
    const ask = [
      (): Promise<Answer> => till.line().ask(request, encode(request)),
      (): Promise<Answer> => (oneLine ? till.line() : other).ask(reversal, encode(reversal)),
    ]
    const answers = await Promise.all((round % 2 === 0 ? ask : ask.toReversed()).map((send) => send()))
    const [paid, reversed] = ['0210', '0430'].map((mti) => answers.find((answer) => answer.mti === mti))
    const allowed = ['0210 00', '0210 21 REVERSED'].includes(codeOf(paid as Answer))
    t.same(
      [allowed, codeOf(reversed as Answer), await balanceOf(card)],
      [true, '0430 00', holding(150_00)],
      `round ${round}`,
    )
    t.equal(codeOf(await till.send(request)), '0210 21 REVERSED', `round ${round}: its repeat`)
  }
  other.end()
})

t.test('a reversal right behind its original, in one segment, is applied right after it', async (t) => {
  const line = await openLine(akart.address())
  for (let round = 0; round < 10; round += 1) {
    const card = akart.card('sold')
    const request = pay(card)
    const reversal = till.message('0420', { 3: '006000', 90: originalOf(request) })
    line.write(Buffer.concat([frame(encode(request)), frame(encode(reversal))]))
    const answers = [await line.next(), await line.next()].filter((answer) => answer !== undefined)
    t.same(answers.map(codeOf).toSorted(), ['0210 00', '0430 00'], `round ${round}`)
    t.equal(await balanceOf(card), holding(150_00), `round ${round}: nothing is gone`)
  }
  line.end()
})

t.test('a confirmation and a reversal at once: exactly one of them', async (t) => {
  const other = await openLine(akart.address())
  for (let round = 0; round < 10; round += 1) {
    const card = akart.card('sold')
    const request = pay(card)
    await till.send(request)
    const confirmation = till.message('0202', { 3: '006000', 90: originalOf(request) })
    const reversal = till.message('0420', { 3: '006000', 90: originalOf(request) })
    const ask = [
      (): Promise<Answer> => till.line().ask(confirmation, encode(confirmation)),
      (): Promise<Answer> => other.ask(reversal, encode(reversal)),
    ]
    const answers = await Promise.all((round % 2 === 0 ? ask : ask.toReversed()).map((send) => send()))
    const story = [...answers.map(codeOf).toSorted(), await balanceOf(card)].join(', ')
    const confirmed = `0212 00, 0430 00 CASE, ${holding(140_00)}`
    t.ok([confirmed, `0212 21 REVERSED, 0430 00, ${holding(150_00)}`].includes(story), `round ${round}: ${story}`)
  }
  other.end()
})

t.test('two cancellations at once give back once', async (t) => {
  const card = akart.card('sold')
  const request = pay(card)
  await till.send(request)
  const both = [1, 2].map(() => till.message('0400', { 3: '006000', 90: originalOf(request) }))
  const answers = await Promise.all(both.map((cancellation) => till.send(cancellation)))
  t.same(answers.map(codeOf).toSorted(), ['0410 00', '0410 21 DONE'])
  t.equal((await balanceOf(card)).slice(8, 20), '000000015000')
})

t.test('eight sales of one card at once sell it once', async (t) => {
  const card = akart.card('sellable')
  const sales = Array.from({ length: 8 }, () => pay(card, { 3: '900060', 4: '000000005000' }))
  const answers = await Promise.all(sales.map((sale) => till.send(sale)))
  t.same(answers.map(codeOf).toSorted(), ['0210 00', ...Array.from({ length: 7 }, () => '0210 78 SOLD')])
})

t.test('a terminal whose line broke asks again on another', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const card = akart.card('sold')
    const request = pay(card)
    const broken = await openLine(akart.address())
    broken.write(frame(encode(request)))
    if (round % 2 === 1) await broken.next(1)
    broken.end()
    const answer = await till.send({ ...request, mti: '0201' })
    t.same([codeOf(answer), await balanceOf(card)], ['0210 00', holding(140_00)], `round ${round}`)
  }
})

t.test('the books', async (t) => {
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
