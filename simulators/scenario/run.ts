import { setTimeout as sleep } from 'node:timers/promises'
import { type DemoCard, maskNumber } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import { formatAmount } from '../terminal/amount.ts'
import type { Peer } from '../terminal/peer.ts'
import type { Stamp } from '../terminal/stamp.ts'
import { casesProblems, type Clerk, decideProblems } from './clerk.ts'
import { linesTo } from './lines.ts'
import { stepOk, type StepOutcome, type Talk, type Watcher } from './outcome.ts'
import { pickCard } from './pick-cards.ts'
import type { BytesStep, Scenario, Step, TalkStep, TogetherStep } from './scenario.ts'
import { arm, type Stage } from './talk-step.ts'

export type RunSettings = {
  peer: Peer
  /** DE49 where a step names none. */
  currency: string
  demo: Demo
  stamp: (terminal: string) => Stamp
  /** Cards that earlier scenarios of this run took. */
  used: Set<DemoCard>
  /** Shows and decides clarification cases. */
  clerk: Clerk
  /** Go on after a failed step, where the steps do not build on each other. */
  keepGoing: boolean
}

async function talkAll(steps: (TalkStep | BytesStep)[], stage: Stage): Promise<Talk[]> {
  const armed = []
  for (const step of steps) armed.push(await arm(step, stage))
  const replies = await Promise.all(armed.map(({ fire }) => fire()))
  return armed.map(({ check }, i) => check(replies[i] ?? null))
}

function tallyProblems({ tally }: TogetherStep, talks: Talk[]): string[] {
  const came = talks.map(({ answer }) => answer?.fields[39] ?? 'no answer')
  const wrong = tally.filter(({ code, counts }) => !counts.includes(came.filter((one) => one === code).length))
  if (wrong.length === 0) return []
  return [
    `expected ${tally.map(({ code, counts }) => `${counts.join(' or ')} × ${code}`).join(', ')}, came ${came.join(', ')}`,
  ]
}

async function play(step: Step, stage: Stage, clerk: Clerk): Promise<StepOutcome> {
  const outcome: StepOutcome = { title: step.title, line: step.line, note: '', problems: [], talks: [] }
  switch (step.kind) {
    case 'wait':
      await sleep(step.ms)
      return outcome
    case 'close':
      if (!(await stage.lines.close(step.wire, step.how))) outcome.problems.push(`no line ${step.wire} is open`)
      return outcome
    case 'cases':
      outcome.problems = await casesProblems(step, stage.memory, clerk)
      return outcome
    case 'decide':
      outcome.problems = await decideProblems(step, stage.memory, clerk)
      return outcome
    case 'clear': {
      const problem = await clerk.clear(stage.cards.get(step.card)?.number ?? '')
      if (problem !== null) outcome.problems.push(problem)
      return outcome
    }
    case 'together':
      outcome.talks = await talkAll(step.steps, stage)
      outcome.problems = tallyProblems(step, outcome.talks)
      return outcome
    case 'talk':
    case 'bytes':
      outcome.talks = await talkAll([step], stage)
      return outcome
  }
}

async function findCards(scenario: Scenario, stage: Stage, settings: RunSettings, watcher: Watcher) {
  const cards = new Map<string, DemoCard>()
  // A terminal without a MAC: what is asked here is the card's state, not the terminal's keys.
  const { terminals } = settings.demo
  const terminal = terminals.find(({ mac }) => mac === 'none') ?? terminals[0]
  for (const wish of scenario.cards) {
    const picking = terminal && { ...stage, terminal, stamp: stage.stamp, timeoutMs: stage.timeoutMs }
    const picked = picking
      ? await pickCard(wish, settings.demo.cards, settings.used, picking)
      : { ok: false as const, lacking: true, reason: 'terminals.csv has no terminals' }
    if (!picked.ok) {
      watcher.card({ name: wish.name, number: null, note: '', problem: picked.reason })
      return picked.lacking ? 'lacking' : 'failed'
    }
    const { number, issue, state, balance } = picked.card
    const worth = balance > 0 ? `, ${formatAmount(balance)}` : ''
    watcher.card({ name: wish.name, number: maskNumber(number), note: `${issue}, ${state}${worth}`, problem: null })
    cards.set(wish.name, picked.card)
  }
  return cards
}

/**
 * Plays a scenario to its end or, unless `keepGoing`, to its first failed step. `not begun`: there was no card for it, so that
 * nothing can be said of the switch.
 */
export async function runScenario(
  scenario: Scenario,
  settings: RunSettings,
  watcher: Watcher,
): Promise<'passed' | 'failed' | 'not begun'> {
  const began = performance.now()
  const lines = linesTo(settings.peer)
  const { terminals, keyTerminals } = settings.demo
  const { peer, currency, stamp } = settings
  const cast = { wire: peer.wire, currency, cards: new Map<string, DemoCard>(), terminals, keyTerminals, stamp }
  const stage: Stage = { ...cast, memory: new Map(), lines, timeoutMs: scenario.timeoutMs }
  watcher.begin(scenario.title, scenario.file)
  let played = 0
  let failed = 0
  let begun = true
  try {
    const cards = await findCards(scenario, stage, settings, watcher)
    begun = cards !== 'lacking'
    if (cards === 'failed') failed++
    for (const step of typeof cards === 'string' ? [] : scenario.steps) {
      const outcome = await play(
        step,
        { ...stage, cards: typeof cards === 'string' ? stage.cards : cards },
        settings.clerk,
      )
      watcher.step(outcome)
      played++
      if (stepOk(outcome)) continue
      failed++
      if (!settings.keepGoing) break
    }
  } finally {
    await lines.closeAll()
  }
  const ms = performance.now() - began
  watcher.end({
    file: scenario.file,
    title: scenario.title,
    begun,
    ok: begun && failed === 0,
    steps: played,
    failed,
    ms,
    strays: lines.strays(),
  })
  return !begun ? 'not begun' : failed === 0 ? 'passed' : 'failed'
}
