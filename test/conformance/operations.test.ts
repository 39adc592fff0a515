// Sections 3 and 6: every operation, every decline that the demo data can show, and which of two faults is answered.
import t from 'tap'
import { startAkart } from './akart.ts'
import { onTestServer } from '../up.ts'
import { cardStories } from './stories/cards.ts'
import { operationStories } from './stories/operations.ts'
import { orderOfFaults } from './stories/order.ts'
import { openStage } from './story.ts'
import type { Fields, Message } from './wire.ts'

const akart = await startAkart(await onTestServer(t))
const stage = openStage(akart)
t.teardown(async () => {
  stage.close()
  await akart.remove()
})

t.test('the first end of day of a demo is about today', async (t) => {
  const till = await stage.till('DEMO0006')
  const card = akart.card('sold')
  const zeros: Fields = Object.fromEntries([74, 75, 76, 77, 86, 87, 88, 89].map((de) => [de, '0']))
  const end = (): Message => till.message('0500', { ...zeros, 97: `C${'0'.repeat(16)}` })
  const paid = await till.send(
    till.message('0200', { 3: '006000', 4: '000000010000', 22: '022', 35: card.track2, 49: '985' }),
  )
  t.equal(paid.fields[39], '00')
  const differs = await till.send(end())
  t.match(differs.fields, {
    39: '95',
    74: '0000000000',
    76: '0000000001',
    88: '0000000000010000',
    97: 'D0000000000010000',
  })
  const agrees = await till.send(end())
  t.equal(agrees.fields[39], '00', 'the next one is about the next day')
})

const tables = { operation: operationStories, card: cardStories, order: orderOfFaults }
for (const [topic, stories] of Object.entries(tables)) {
  for (const [title, story] of Object.entries(stories)) await stage.play(t, `${topic}: ${title}`, story)
}

t.test('of two payments at once only one has the money', async (t) => {
  const tills = [await stage.till('DEMO0001'), await stage.till('DEMO0006')]
  const card = akart.card('sold')
  const answers = await Promise.all(
    tills.map((till) =>
      till.send(till.message('0200', { 3: '006000', 4: '000000010000', 22: '022', 35: card.track2, 49: '985' })),
    ),
  )
  t.same(answers.map((answer) => answer.fields[39] ?? '').toSorted(), ['00', '51'])
})

t.test('the books', async (t) => {
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
