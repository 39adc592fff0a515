import t from 'tap'
import { Type } from 'typebox'
import { bodyReader } from '../../src/web/read-body.ts'
import { CardReference, CLOSED, Money, OrderId } from '../../src/web/schema.ts'

const read = bodyReader(Type.Object({ card: CardReference, amount: Money, orderId: Type.Optional(OrderId) }, CLOSED))

const card = { token: 'tok' }
const amount = { value: 1250, currency: 'PLN' }

void t.test('the first fault is named by its pointer', async (t) => {
  const rows: [unknown, string | null, RegExp?][] = [
    [{ card, amount }, null],
    [{ card: { number: '1', ecode: '2' }, amount, orderId: 'A-1' }, null],
    [null, ''],
    [[], ''],
    ['{}', ''],
    [{ amount }, '/card', /missing/],
    [{ card }, '/amount', /missing/],
    [{ card, amount: { value: 1 } }, '/amount/currency', /missing/],
    [{ card, amount: { ...amount, value: 0 } }, '/amount/value'],
    [{ card, amount: { ...amount, value: 1.5 } }, '/amount/value'],
    [{ card, amount: { ...amount, value: '1250' } }, '/amount/value'],
    [{ card, amount: { ...amount, value: 1e12 } }, '/amount/value'],
    [{ card, amount: { ...amount, currency: 'pln' } }, '/amount/currency'],
    [{ card, amount: { ...amount, tip: 1 } }, '/amount/tip', /not known/],
    [{ card, amount, 'a/b~c': 1 }, '/a~1b~0c', /not known/],
    [{ card: { number: '1' }, amount }, '/card/ecode', /missing/],
    [{ card: { number: 1, ecode: 'x' }, amount }, '/card/number'],
    [{ card: { token: 5 }, amount }, '/card/token'],
    [{ card, amount, orderId: '' }, '/orderId'],
    [{ card, amount, orderId: 'a\u0007' }, '/orderId'],
  ]
  for (const [body, pointer, text] of rows) {
    const result = read(body)
    const name = JSON.stringify(body)
    if (pointer === null) t.ok('value' in result, name)
    else if ('value' in result) t.fail(name)
    else {
      t.equal(result.pointer, pointer, name)
      if (text !== undefined) t.match(result.text, text, name)
    }
  }
})
