import t from 'tap'
import { KIND } from '../../src/core/key.ts'
import type { Request } from '../../src/core/request.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { selectByKeys, toTransaction } from '../../src/db/sql/transactions.ts'
import { createCardLocator } from '../../src/engine/card-locator.ts'
import { engineSetting } from './engine-setting.ts'

/** The names by which requests claim cards: two batches that lock one card would find it locked by each other. */

const setting = await engineSetting(t)
const connection = workerConnection(setting.access)
t.teardown(() => connection.close())
const [card] = await setting.newCards(1)
if (card === undefined) throw new Error('a card was wanted')
const about = { terminal: 'TILL', confirmation: 'explicit' } as const
const sale = setting.request(setting.operation('sale', card, 10_000), { ...about, kind: KIND.financial, stan: 1 })
const confirmation = setting.request(
  { act: 'confirmation', original: sale.key },
  { ...about, kind: KIND.confirmation, stan: 2 },
)
const name = `card ${card.id}`

t.test('a card that is not known yet goes by its number alone', async (t) => {
  const locator = createCardLocator()
  t.same(locator.namesOf(sale), [card.numberHash])
  t.same(locator.namesOf(confirmation), [])
})

t.test('a sale, its confirmation and a staged load of a card share a name', async (t) => {
  const engine = setting.engine()
  await engine.submit(sale)
  await engine.stop()
  const locator = createCardLocator()
  await locator.locate(connection, [sale])
  t.same(locator.namesOf(sale), [card.numberHash, name])
  const [rows = []] = await connection.send(selectByKeys([sale.key]))
  locator.learn(rows.map(toTransaction))
  t.same(locator.namesOf(confirmation), [name])
  t.same(createCardLocator().namesOf({ ...sale, ask: { act: 'apply_staged', cardId: card.id } } as Request), [name])
})
