import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { openConnection } from '../../src/db/access.ts'
import { Unanswered } from '../../src/engine/refusal.ts'
import type { Office } from '../../src/office/office.ts'
import { once, PLN, type Shop, webSetting } from './api-setting.ts'

/*
 * How long a key is held while its request has no outcome, and who gets the outcome then (docs/spec/web.md, section 2): the
 * engine refuses, does not know the outcome, or does not answer; the code throws; the process ends between the claim of a
 * card and the answer.
 */

type Answer = Awaited<ReturnType<Office['submit']>>
const REFUSED: Answer = { result: 'overloaded', row: null }

/** What the engine does with the next request; null: what it always does. */
let instead: ((asked: Request, office: Office) => Promise<Answer>) | null = null
const doorOf = (office: Office): Office => ({
  ...office,
  submit(asked) {
    const now = instead
    instead = null
    return now === null ? office.submit(asked) : now(asked, office)
  },
})

const web = await webSetting(t, {}, doorOf)
const shop = await web.shop('OUTCOMES')
/** A process that waits only briefly for an outcome. Requests to it are repeated until they are answered, like those of shops. */
const IMPATIENT = { outcomeMs: 500 }
const impatient = await web.beside(shop.key, doorOf(web.office), IMPATIENT)

async function insisting(path: string, input: object, key: ReturnType<typeof once>) {
  for (;;) {
    const answer = await impatient.call('POST', path, input, key)
    if (answer.status !== 504 && answer.body['code'] !== 'in_progress') return answer
  }
}

/** What is said of a key, once it is said. */
async function saidOf(key: ReturnType<typeof once>) {
  for (;;) {
    const answer = await impatient.call('GET', `/requests/${key['idempotency-key']}`)
    if (answer.status < 500) return answer
  }
}

const count = async (sql: string): Promise<number> => {
  const connection = await openConnection(web.office.db.access, { multipleStatements: false })
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  await connection.end()
  return Number((rows as unknown as [[number]])[0][0])
}
const salesOf = (code: string) => count(`SELECT COUNT(*) FROM web_sales WHERE shop_code = '${code}'`)

/** A request to the engine that stays until it is let go. */
function stuck() {
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  let reached: () => void = () => undefined
  const came = new Promise<void>((resolve) => (reached = resolve))
  instead = async (asked, office) => {
    reached()
    await gate
    return office.submit(asked)
  }
  return { came, release }
}

const ASKS = [
  ['a payment', '/payments', () => ({ card: web.card(), amount: PLN(1_00) })],
  ['a sale', '/sales', () => ({ issue: 'ECARD', amount: PLN(50_00) })],
] as const

for (const [name, path, body] of ASKS) {
  void t.test(`${name} that the engine refuses may come again under its key`, async (t) => {
    const [input, key] = [body(), once()]
    instead = () => Promise.resolve(REFUSED)
    const refused = await shop.call('POST', path, input, key)
    t.match([refused.status, refused.body], [503, { code: 'overloaded' }])
    t.ok(refused.headers['retry-after'])
    const booked = await shop.call('POST', path, input, key)
    t.match([booked.status, booked.headers['idempotent-replayed']], [201, undefined])
  })

  void t.test(`${name} of which the engine does not know whether it is booked may come again`, async (t) => {
    const [input, key] = [body(), once()]
    instead = async (asked, office) => {
      await office.submit(asked)
      throw new Unanswered('the answer of the database is lost')
    }
    const unknown = await shop.call('POST', path, input, key)
    t.match([unknown.status, unknown.body], [504, { code: 'outcome_unknown' }])
    const again = await shop.call('POST', path, input, key)
    t.match([again.status, again.headers['idempotent-replayed']], [201, 'true'])
    if (path === '/sales') t.match(again.body, { card: { number: /^629912/, ecode: /-/ } }, 'no card is lost')
  })

  void t.test(`${name} that throws leaves its key free`, async (t) => {
    const [input, key] = [body(), once()]
    instead = () => Promise.reject(new Error('a fault of the code'))
    t.equal((await shop.call('POST', path, input, key)).status, 500)
    t.equal((await shop.call('GET', `/requests/${key['idempotency-key']}`)).status, 404, 'nothing is in progress')
    t.equal((await shop.call('POST', path, input, key)).status, 201)
  })

  void t.test(
    `${name} without an answer holds its own key and no other, and ends for whoever repeats it`,
    async (t) => {
      const [input, key] = [body(), once()]
      const first = stuck()
      const lost = impatient.call('POST', path, input, key)
      await first.came
      const second = stuck()
      const repeated = impatient.call('POST', path, input, key)
      await second.came
      t.match((await lost).body, { status: 504, code: 'outcome_unknown' })
      t.match((await repeated).body, { status: 409, code: 'in_progress' })
      const asked = await saidOf(key)
      t.match([asked.status, asked.body], [409, { code: 'in_progress' }])
      t.equal((await insisting(path, body(), once())).status, 201, 'another key is served meanwhile')

      first.release()
      second.release()
      const booked = await insisting(path, input, key)
      t.equal(booked.status, 201)
      t.same((await insisting(path, input, key)).body, booked.body, 'and is the same from then on')
      t.match((await shop.call('GET', `/requests/${key['idempotency-key']}`)).body, { status: 201 })
    },
  )
}

void t.test('a question that takes too long may be asked again: nothing was booked', async (t) => {
  const { came, release } = stuck()
  const asked = impatient.call('POST', '/balance', { card: web.card() })
  await came
  const late = await asked
  t.match([late.status, late.body], [503, { code: 'unavailable' }])
  t.ok(Number(late.headers['retry-after']) > 0)
  release()
})

void t.test(
  'a sale whose process ends between the claim of its card and the answer is sold once, by the next',
  async (t) => {
    const seller: Shop = await web.shop('KILLED')
    const [input, key] = [{ issue: 'ECARD', amount: PLN(50_00) }, once()]
    const { came, release } = stuck()
    const ended = await web.beside(seller.key, doorOf(web.office), IMPATIENT)
    const lost = ended.call('POST', '/sales', input, key)
    await came
    t.equal(await salesOf('KILLED'), 1, 'the card is claimed')
    const sold = await seller.call('POST', '/sales', input, key)
    t.match([sold.status, sold.headers['idempotent-replayed']], [201, undefined])
    t.equal(await salesOf('KILLED'), 1, 'the same claim')
    t.match((await lost).body, { code: 'outcome_unknown' })
    release()
    t.same((await seller.call('POST', '/sales', input, key)).body, sold.body)
    t.equal(await salesOf('KILLED'), 1)
  },
)
