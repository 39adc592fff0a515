import t from 'tap'
import { OPERATION_NAMES, OPERATIONS, type OperationRule, type TerminalOperation } from '../../src/core/operations.ts'
import { tell } from './story.ts'

const deaf = () => ({
  operations: new Set<string>(),
  results: new Set<string>(),
  states: new Set<string>(),
  undoers: new Set<string>(),
  reasons: new Set<string>(),
  resolutions: new Set<string>(),
  events: new Set<string>(),
})

/**
 * Whether it is permitted with a sold card, or onto an unsold one, by number alone (with an issue that allows nothing,
 * and one that allows everything possible), by eCode, and by stripe.
 */
type Row = {
  readonly column: OperationRule['byNumber']
  readonly story: string
  readonly number: 'yes' | 'no'
  readonly numberWhereAllowed: 'yes' | 'no'
}

// prettier-ignore
const TABLE = {
  payment:   { column: 'where_issue_pays',  story: 'payment X1 SOLD 100',          number: 'no',  numberWhereAllowed: 'yes' },
  cash_out:  { column: 'nothing',           story: 'cash_out X1 REST 400',         number: 'no',  numberWhereAllowed: 'no' },
  balance:   { column: 'where_issue_tells', story: 'balance X1 SOLD -',            number: 'no',  numberWhereAllowed: 'yes' },
  top_up:    { column: 'allowed',           story: 'top_up X1 SOLD 1000',          number: 'yes', numberWhereAllowed: 'yes' },
  sale:      { column: 'allowed',           story: 'sale X1 NEW 1000',             number: 'yes', numberWhereAllowed: 'yes' },
  refund:    { column: 'onto_sold',         story: 'refund X1 SOLD 100',           number: 'yes', numberWhereAllowed: 'yes' },
  duplicate: { column: 'nothing',           story: 'duplicate X1 SOLD - onto=NEW', number: 'no',  numberWhereAllowed: 'no' },
  block:     { column: 'bounded',           story: 'block X1 SOLD - block=lost',   number: 'yes', numberWhereAllowed: 'yes' },
  unblock:   { column: 'nothing',           story: 'unblock X1 OURS -',            number: 'no',  numberWhereAllowed: 'no' },
} as const satisfies Record<TerminalOperation, Row>

/** SOLD has money, REST what may be cashed, NEW is not sold, OURS is blocked by a till of the store. */
const cards = (issue: string): string => `
  given C1 sold 15000 issue=${issue}
  given C2 sold 1000 issue=${issue}
  payment A1 C2 600 at=O1 -> approved
  given C3 sellable issue=${issue}
  given C4 sold 1000 issue=${issue}
  block A2 C4 - block=customer -> approved
`
const NAMES = { SOLD: 'C1', REST: 'C2', NEW: 'C3', OURS: 'C4' } as const

const named = (story: string): string =>
  Object.entries(NAMES).reduce((text, [word, card]) => text.replace(word, card), story)

/** Whether it succeeds; throws if it is refused for another reason than the entry mode. */
function goesThrough(issue: string, story: string, way: string): 'yes' | 'no' {
  for (const [answer, result] of [
    ['yes', 'approved'],
    ['no', 'entry_not_permitted'],
  ] as const) {
    try {
      tell(`${cards(issue)}${named(story)} ${way} -> ${result}`, deaf())
      return answer
    } catch (error) {
      if (answer === 'no') throw error
    }
  }
  throw new Error('not reached')
}

t.test('what may somebody do at a terminal who only knows a number?', async (t) => {
  for (const operation of OPERATION_NAMES) {
    const row: Row | undefined = operation in TABLE ? TABLE[operation as TerminalOperation] : undefined
    const { asks, byNumber }: OperationRule = OPERATIONS[operation]
    if (row === undefined) {
      t.notOk(asks.includes('terminal'), `${operation}: a terminal cannot ask for it`)
      t.equal(byNumber, 'nothing', operation)
      continue
    }
    t.equal(byNumber, row.column, operation)
    for (const way of ['keyed', 'barcode']) {
      t.equal(goesThrough('SILENT', row.story, way), row.number, `${operation}, ${way}`)
      t.equal(goesThrough('NUMBER', row.story, way), row.numberWhereAllowed, `${operation}, ${way}, where allowed`)
      t.equal(goesThrough('SILENT', row.story, `${way} ecode`), 'yes', `${operation}, ${way} with its eCode`)
    }
    t.equal(goesThrough('SILENT', row.story, 'ecode'), 'yes', `${operation}, e-commerce`)
    t.equal(goesThrough('SILENT', row.story, ''), 'yes', `${operation}, by stripe`)
  }
})

t.test('nor more by another word for it', async (t) => {
  const refused = [
    'refund X1 NEW 1000 new keyed',
    'refund X1 NEW 1000 new barcode',
    'block X1 SOLD - block=stolen keyed',
    'block X1 SOLD - block=customer barcode',
    'payment X1 SOLD 100 keyed advice',
  ]
  for (const story of refused) t.equal(goesThrough('SILENT', story, ''), 'no', story)
  t.equal(goesThrough('SILENT', 'refund X1 NEW 1000 new', 'ecode'), 'yes', 'onto a new card with its eCode')
})
