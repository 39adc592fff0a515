import t from 'tap'
import { demoCards } from '../../src/cards/demo.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { openCases } from './open-cases.ts'
import { menuForTest } from './setting.ts'

/* What the navigation counts: as many as the list behind it shows to this person. */

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
