import t from 'tap'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { nameOfGuess } from '../../src/office/shop-card.ts'
import { BUDGETS, type CardAsker, createGuessBudgets, UNKNOWN_NUMBERS } from '../../src/web/guess-budgets.ts'

const MINUTE = 60_000

function setting() {
  let at = 0
  const said: string[] = []
  const budgets = createGuessBudgets(() => at, {
    enumeration: (numbers) => said.push(`enumeration ${numbers}`),
    overBudget: (budget) => said.push(budget),
  })
  const missTimes = (asker: CardAsker, times: number, first = 0): void => {
    for (let i = 0; i < times; i++) budgets.missed(asker, `number ${first + i}`)
  }
  const isLet = (asker: CardAsker): boolean => {
    const { ok } = budgets.mayAsk(asker)
    if (ok) budgets.done(asker)
    return ok
  }
  return { budgets, said, missTimes, isLet, pass: (ms: number) => (at += ms) }
}

void t.test('an address that was wrong ten times waits for the next minute; another one does not', async (t) => {
  const { budgets, missTimes, isLet, pass, said } = setting()
  const thief = { key: 'k', address: '10.0.0.1' }
  missTimes(thief, BUDGETS.address - 1)
  t.ok(isLet(thief))
  missTimes(thief, 1)
  pass(MINUTE / 4)
  t.same(budgets.mayAsk(thief), { ok: false, retryAfterSeconds: 45 })
  t.ok(isLet({ key: 'k', address: '10.0.0.2' }))
  pass(MINUTE)
  t.ok(isLet(thief))
  t.same(said, ['address'])
})

void t.test(
  'over the key’s budget of misses only addresses that were wrong are held back, never the shop',
  async (t) => {
    const { missTimes, isLet, pass } = setting()
    for (let i = 0; i < BUDGETS.keyMissed; i++) missTimes({ key: 'k', address: `10.0.1.${i}` }, 1, i)
    t.notOk(isLet({ key: 'k', address: '10.0.1.5' }))
    t.ok(isLet({ key: 'k', address: '10.0.2.1' }), 'a holder who was never wrong')
    t.ok(isLet({ key: 'k', address: null }), 'the shop itself')
    t.ok(isLet({ key: 'other', address: '10.0.1.5' }), 'another key has a budget of its own')
    pass(MINUTE)
    t.ok(isLet({ key: 'k', address: '10.0.1.5' }))
  },
)

void t.test('guesses that are sent all at once are no more than one after the other', async (t) => {
  const { budgets, missTimes, isLet, pass } = setting()
  const thief = { key: 'k', address: '10.0.0.1' }
  missTimes(thief, 4)
  const let6 = Array.from({ length: 20 }, () => budgets.mayAsk(thief).ok).filter(Boolean)
  t.equal(let6.length, BUDGETS.address - 4)
  const holders = { key: null, address: '10.0.0.2' }
  t.ok(Array.from({ length: 20 }, () => budgets.mayAsk(holders).ok).every(Boolean), 'many who were never wrong')
  for (const _ of let6) budgets.done(thief)
  t.ok(isLet(thief), 'all of these were right')
  pass(MINUTE)
  t.ok(isLet(thief))
})

void t.test('a stolen key gets no further by making up an address for each guess', async (t) => {
  const { missTimes, isLet, pass, said } = setting()
  const from = (i: number) => ({ key: 'k', address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` })
  for (let i = 0; i < BUDGETS.keyMissedAtMost; i++) {
    if (!isLet(from(i))) t.fail(`the ${i + 1}th address`)
    missTimes(from(i), 1, i)
  }
  t.notOk(isLet({ key: 'k', address: '10.9.9.9' }), 'an address that was never heard of')
  t.ok(isLet({ key: 'other', address: '10.9.9.9' }))
  t.ok(said.includes('key_at_most'))
  pass(MINUTE)
  t.ok(isLet({ key: 'k', address: '10.9.9.9' }))
})

void t.test('600 calls a minute and key, right or wrong', async (t) => {
  const { isLet, missTimes, pass, said } = setting()
  for (let i = 0; i < BUDGETS.key; i++) t.ok(isLet({ key: 'k', address: null }))
  t.notOk(isLet({ key: 'k', address: null }))
  t.ok(isLet({ key: null, address: '10.0.0.1' }), 'pages have no key')
  const [thief, holder] = ['10.0.0.2', '10.0.0.3'].map((address) => ({ key: 'k', address }))
  if (thief === undefined || holder === undefined) throw new Error('two addresses')
  missTimes(thief, 1)
  t.notOk(isLet(thief), 'an address that was wrong')
  t.ok(isLet(holder), 'a holder behind the same shop')
  pass(MINUTE)
  t.ok(isLet({ key: 'k', address: null }))
  t.same(said, ['key'])
})

void t.test('over the budget of all, holders who were not wrong within the hour stay served', async (t) => {
  const { missTimes, isLet, pass } = setting()
  const thieves = Array.from({ length: BUDGETS.all }, (_, i) => ({ key: null, address: `10.1.0.${i}` }))
  for (const thief of thieves) missTimes(thief, 1)
  t.notOk(isLet({ key: null, address: '10.1.0.7' }))
  t.ok(isLet({ key: null, address: '10.9.0.1' }))
  pass(61 * MINUTE)
  for (let i = 0; i < BUDGETS.all; i++) missTimes({ key: null, address: `10.2.0.${i}` }, 1)
  t.ok(isLet({ key: null, address: '10.1.0.7' }), 'an hour later it is forgiven')
})

void t.test('the budget of all follows the mean of a week', async (t) => {
  const { missTimes, isLet, pass } = setting()
  for (let i = 0; i < 7 * 24 * 60; i++) {
    missTimes({ key: null, address: null }, 40)
    pass(MINUTE)
  }
  missTimes({ key: null, address: '10.3.0.1' }, 1)
  missTimes({ key: null, address: null }, 200)
  t.ok(isLet({ key: null, address: '10.3.0.1' }), '201 of about 250')
  missTimes({ key: null, address: null }, 100)
  t.notOk(isLet({ key: null, address: '10.3.0.1' }))
})

void t.test(
  'many different numbers raise one alert in ten minutes; one number over and over raises none',
  async (t) => {
    const { missTimes, said, pass, budgets } = setting()
    for (let i = 0; i < 500; i++) budgets.missed({ key: 'k', address: null }, 'the same')
    t.same(said, [])
    missTimes({ key: 'k', address: null }, 300)
    t.same(said, [`enumeration ${UNKNOWN_NUMBERS + 1}`])
    pass(11 * MINUTE)
    missTimes({ key: 'k', address: null }, 300)
    t.equal(said.length, 2)
  },
)

void t.test('the ten minutes of the alert slide: a hundred before a boundary and one behind it are 101', async (t) => {
  const { missTimes, said, pass } = setting()
  pass(9 * MINUTE)
  missTimes({ key: 'k', address: null }, UNKNOWN_NUMBERS)
  pass(2 * MINUTE)
  t.same(said, [])
  missTimes({ key: 'k', address: null }, 1, 500)
  t.same(said, [`enumeration ${UNKNOWN_NUMBERS + 1}`])
  pass(11 * MINUTE)
  missTimes({ key: 'k', address: null }, UNKNOWN_NUMBERS, 1_000)
  t.equal(said.length, 1, 'those before are forgotten')
})

void t.test('numbers are told apart by a name that does not hold them', async (t) => {
  const keys = deriveCardKeys(DEMO_MASTER)
  const name = (number: string): string => nameOfGuess({ keys: () => keys }, number)
  t.equal(name('6299 1000-0000 0001'), name('6299100000000001'))
  t.not(name('6299100000000001'), name('6299100000000019'))
  t.match(name('6299100000000001'), /^[0-9a-f]{32}$/u)
  t.notMatch(name('6299100000000001'), '00000000')
})
