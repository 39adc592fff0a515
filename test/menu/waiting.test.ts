import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { openCases } from './open-cases.ts'
import { menuForTest } from './setting.ts'

const DAY_MS = 24 * 3_600_000

/* What the navigation counts: as many as the list behind it shows to this person. What Today says is silent. */

t.test(
  'open cases: all of them, of a store manager those of their stores, and one fewer when one is decided',
  async (t) => {
    const menu = await menuForTest(t)
    const card = demoCards(deriveCardKeys(DEMO_MASTER)).find(({ issue, state }) => issue === 'OPEN' && state === 'sold')
    const number = card?.number ?? ''
    await openCases(
      menu,
      [100, 200, 300].map((amount, i) => ({ number, stan: 700 + i, amount })),
    )
    const [clerk, manager, admin] = [
      await menu.signedIn('helpdesk'),
      await menu.signedIn('manager'),
      await menu.signedIn('admin'),
    ]
    const counted = async (browser: typeof clerk) => (await browser.ok('today.show')).casesOpen
    const listed = async (browser: typeof clerk) => (await browser.ok('cases.list')).items
    t.equal(await counted(clerk), 3)
    t.equal((await listed(clerk)).length, 3)
    t.equal(await counted(manager), 3)
    await admin.ok('users.change', { params: { login: 'manager' }, body: { stores: ['000000000000002'] } })
    t.same([await counted(manager), (await listed(manager)).length], [0, 0], 'of another store')
    const [first] = await listed(clerk)
    await clerk.ok('cases.decide', {
      params: { id: first?.id ?? '' },
      body: { decision: 'didNotHappen', reason: 'no receipt' },
    })
    t.equal(await counted(clerk), 2)
  },
)

t.test(
  'a terminal and its line are silent on the next day until it is heard of; reasons are counted by minute',
  async (t) => {
    const menu = await menuForTest(t)
    const card = demoCards(deriveCardKeys(DEMO_MASTER)).find(({ issue, state }) => issue === 'OPEN' && state === 'sold')
    const paid = async (stan: number, onLine: string): Promise<void> => {
      await openCases(menu, [{ number: card?.number ?? '', stan, amount: 100 }])
      await menu.office.db.use((connection) =>
        connection.send(`SET @left_out = 1; UPDATE transactions SET line = '${onLine}'; SET @left_out = NULL`),
      )
      await menu.folded()
    }
    const first = new Date(menu.now).toISOString()
    const silentTo = async (login: string) => {
      const { silentTerminals, silentTerminalsCount, silentLines } = await (await menu.signedIn(login)).ok('today.show')
      return {
        terminals: silentTerminals.map(({ terminal, lastAt }) => ({ terminal, lastAt })),
        count: silentTerminalsCount,
        lines: silentLines,
      }
    }
    const none = { terminals: [], count: 0, lines: [] }
    await paid(801, 'two-word-name-17')
    t.same(await silentTo('accountant'), none, 'on the day itself')

    menu.now += DAY_MS
    const silent = { terminals: [{ terminal: 'DEMO0001', lastAt: first }], count: 1 }
    t.same(await silentTo('accountant'), { ...silent, lines: [{ name: 'two-word-name', lastAt: first }] })
    t.same(await silentTo('manager'), { ...silent, lines: [] }, 'lines carry terminals of other stores too')

    await paid(802, 'two-word-name-18')
    await menu.office.db.use((connection) =>
      connection.send(`UPDATE search_transactions SET state = 'declined', result = 'insufficient_funds'
      WHERE stan = 802 AND role = 'books'`),
    )
    menu.now += 60_000
    t.same(await silentTo('accountant'), none, 'heard of, the line a minute later at most')
    const counted = async () =>
      (await (await menu.signedIn('accountant')).ok('today.show')).declinesByResult.map(({ result, now, count }) => ({
        result,
        now,
        count,
      }))
    t.same(await counted(), [{ result: 'insufficient_funds', now: 1, count: 1 }])
    menu.now += 60_000
    t.same(await counted(), [{ result: 'insufficient_funds', now: 0, count: 1 }], 'of a minute that is over')
  },
)
