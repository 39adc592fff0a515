import type { Bug } from '../../planting.ts'

/** Bugs of portions, and the wrong settlement that follows. */
export const PORTION_BUGS = [
  {
    name: 'what was popped of a stack is given back from its bottom',
    file: 'core/reports/portions',
    text: 'const top = chunks.pop();',
    instead: 'const top = chunks.shift();',
  },
  {
    name: 'an undone load that was spent shifts nothing',
    file: 'core/reports/portions',
    text: 'if (portion.remaining < amount) shift(',
    instead: 'if (false) shift(',
  },
  {
    name: 'the first spending is shifted first',
    file: 'core/reports/portions',
    text: 'sort((a, b) => b.order - a.order)',
    instead: 'sort((a, b) => a.order - b.order)',
  },
  {
    name: 'a shift is told of the wrong side',
    file: 'core/reports/portions',
    text: 'origin: from.origin, amount: -part',
    instead: 'origin: to.origin, amount: -part',
  },
  {
    name: 'a refund onto another card keeps the portion of the first',
    file: 'core/reports/portions',
    text: 'of === null || of.fact.debit === credit ? back : back.map(carried)',
    instead: 'back',
  },
  {
    name: 'what people correct has the origin of the account beside it',
    file: 'core/reports/portions',
    text: "contra?.kind === 'issuer_adjustments' ? ADJUSTMENTS",
    instead: "contra?.kind === 'none' ? ADJUSTMENTS",
  },
  {
    name: 'a late booking is undone as the first one',
    file: 'core/reports/portions',
    text: "if (fact.role === 'rebooks' && fact.originalId !== null)",
    instead: 'if (false)',
  },
  {
    name: 'what is not confirmed can be spent',
    file: 'core/reports/history',
    text: 'fact.availableSeq !== null && fact.availableSeq === seqOn(fact, fact.credit)',
    instead: 'true',
  },
  {
    name: 'an extension gives back to a new portion',
    file: 'core/reports/portions',
    text: "if (operation === 'extension') return play.expiries.get(credit) ?? null;",
    instead: "if (operation === 'extension') return null;",
  },
  {
    name: 'what an undoing of a refund undid stays undone',
    file: 'core/reports/portions',
    text: 'if (entry.of !== null) regain(',
    instead: 'if (false) regain(',
  },
  {
    name: 'between two cards the smaller id goes first',
    file: 'core/reports/history',
    text: 'a.at - b.at || a.id - b.id',
    instead: 'a.id - b.id',
  },
] as const satisfies readonly Bug[]
