import t from 'tap'
import { counted, openTraffic } from '../../../src/engine/traffic.ts'
import { stretchesOf } from '../../../src/office/welfare/pace.ts'

/** After how many rows each of the next stretches ends. */
function lengths(isOver: () => boolean, stretches: number): number[] {
  return Array.from({ length: stretches }, () => {
    let rows = 1
    while (!isOver()) rows += 1
    return rows
  })
}

t.test('a stretch ends after its rows, and sooner while somebody pays', async (t) => {
  const traffic = openTraffic()
  const isOver = stretchesOf(25, traffic)
  t.same(lengths(isOver, 2), [25, 25])
  let answer: () => void = () => {}
  const paying = counted(traffic, () => new Promise<void>((resolve) => (answer = resolve)))(null)
  t.same(lengths(isOver, 2), [5, 5], 'work goes on, slowly')
  for (let row = 0; row < 4; row++) t.equal(isOver(), false)
  answer()
  await paying
  t.same(lengths(isOver, 2), [21, 25])
  t.same(lengths(stretchesOf(25, null), 2), [25, 25], 'a command serves no tills')
})
