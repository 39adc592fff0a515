import t from 'tap'
import { OPERATION_NAMES } from '../../src/core/operations.ts'
import { RESULTS } from '../../src/core/result.ts'
import { CARD_EVENTS, CASE_REASONS } from '../../src/core/state.ts'
import { TRANSACTION_STATES, UNDOERS } from '../../src/core/transaction.ts'
import { type Heard, tell } from './story.ts'
import { BY_NUMBER_STORIES } from './tables/by-number.ts'
import { CANCELLATION_STORIES } from './tables/cancellation.ts'
import { CASE_STORIES } from './tables/cases.ts'
import { CONFIRMATION_STORIES } from './tables/confirmation.ts'
import { DECLINE_STORIES } from './tables/declines.ts'
import { DUPLICATE_STORIES } from './tables/duplicates.ts'
import { ONCE_STORIES } from './tables/once.ts'
import { PACK_STORIES } from './tables/packs.ts'
import { OPERATION_STORIES } from './tables/operations.ts'
import { REFUND_STORIES } from './tables/refunds.ts'
import { UPKEEP_STORIES } from './tables/upkeep.ts'
import { REVERSAL_STORIES } from './tables/reversal.ts'
import { ROUTING_STORIES } from './tables/routing.ts'
import { WEB_STORIES } from './tables/web.ts'

const STORIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  operations: OPERATION_STORIES,
  declines: DECLINE_STORIES,
  'by number': BY_NUMBER_STORIES,
  once: ONCE_STORIES,
  confirmation: CONFIRMATION_STORIES,
  reversal: REVERSAL_STORIES,
  cancellation: CANCELLATION_STORIES,
  refunds: REFUND_STORIES,
  duplicates: DUPLICATE_STORIES,
  cases: CASE_STORIES,
  packs: PACK_STORIES,
  upkeep: UPKEEP_STORIES,
  routing: ROUTING_STORIES,
  web: WEB_STORIES,
}

const heard: Heard = {
  operations: new Set(),
  results: new Set(),
  states: new Set(),
  undoers: new Set(),
  reasons: new Set(),
  resolutions: new Set(),
  events: new Set(),
}

for (const [topic, stories] of Object.entries(STORIES)) {
  t.test(topic, async (t) => {
    for (const [title, text] of Object.entries(stories)) {
      try {
        tell(text, heard)
        t.pass(title)
      } catch (error) {
        t.fail(`${title}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  })
}

/** Given elsewhere: by the edge before the core is asked, or by the engine. */
const NOT_BY_THE_CORE = {
  format_error: 'the edge',
  unknown_terminal: 'the edge',
  bad_mac: 'the edge',
  not_signed_on: 'the edge',
  totals_differ: 'the end of day',
  malfunction: 'the engine',
} as const

t.test('nothing is left out: every operation, result, state, and reason for a case has its story', async (t) => {
  const missing = (all: readonly string[], found: ReadonlySet<string>) => all.filter((one) => !found.has(one))
  t.same(missing(OPERATION_NAMES, heard.operations), [])
  t.same(missing(RESULTS, heard.results), Object.keys(NOT_BY_THE_CORE), 'without a story: add one, or say who gives it')
  t.same(missing(TRANSACTION_STATES, heard.states), [])
  t.same(missing(UNDOERS, heard.undoers), [])
  t.same(missing(CASE_REASONS, heard.reasons), ['upstream_refuses'], 'opened by store and forward')
  t.same(missing(CARD_EVENTS, heard.events), [])
  t.same([...heard.resolutions].sort(), ['clerk_confirmed', 'clerk_reversed', 'confirmed_late', 'reversed_by_terminal'])
})

t.test('a story that goes otherwise is seen', async (t) => {
  const rows: [string, RegExp][] = [
    ['given C1 sold 15000\npayment P1 C1 1 -> exceeds_balance', /line 2: .*\n {2}found approved, expected exceeds_bal/],
    ['given C1 sold 15000\npayment P1 C1 1 -> approved 15000/15000', /found 14999\/14999/],
    ['given C1 sold 15000\ncard C1 sellable 15000/15000', /found sold 15000\/15000/],
    ['given C1 sold 15000\npayment P1 C1 1 -> approved\nstate P1 confirmed', /found unconfirmed/],
    ['given C1 sold 15000\npayment P1 C1 1 -> approved\ncase P1 open unconfirmed', /found none/],
    ['paymnt P1 C1 1 -> approved', /what is paymnt/],
    ['confirm K1 P1 -> approved', /P1 was never sent/],
  ]
  const deaf = () => ({
    ...heard,
    operations: new Set<string>(),
    results: new Set<string>(),
    states: new Set<string>(),
  })
  for (const [text, wanted] of rows) t.throws(() => tell(text, deaf()), wanted, text.split('\n').at(-1) ?? '')
})
