import { setTimeout as sleep } from 'node:timers/promises'
import { type DemoCard, maskNumber } from '../demo/cards.ts'
import type { Demo } from '../demo/home.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { trackOf } from '../host/cards.ts'
import { type Random, seeded } from '../random.ts'
import { SetUpError } from '../set-up-error.ts'
import { formatAmount } from '../terminal/amount.ts'
import type { Peer } from '../terminal/peer.ts'
import type { Stamp } from '../terminal/stamp.ts'
import { casesProblems, type Clerk, decideProblems } from './clerk.ts'
import { drawn, drawsAnything, unrolled } from './draw.ts'
import { linesTo } from './lines.ts'
import { stepOk, type StepOutcome, type Talk, type Watcher } from './outcome.ts'
import { pickCard, type Picked } from './pick-cards.ts'
import { pickTerminals } from './pick-terminals.ts'
import { type Clocks, playEvent } from './play-event.ts'
import type { BytesStep, CardInput, Scenario, Step, TalkStep, TogetherStep } from './scenario.ts'
import { surround, type Surroundings } from './surroundings.ts'
import { arm, type Stage } from './talk-step.ts'

export type RunSettings = {
  peer: Peer
  /** DE49 where a step names none. */
  currency: string
  demo: Demo
  /** Cards of `--cards`, for scenarios that want them one by one; null: there are none but those of the demo set. */
  given: readonly DemoCard[] | null
  stamp: (terminal: string, wrongMs?: number) => Stamp
  /** Cards that earlier scenarios of this run took. */
  used: Set<DemoCard>
  /** Shows and decides clarification cases. */
  clerk: Clerk
  /** Go on after a failed step, where the steps do not build on each other. */
  keepGoing: boolean
  /** The seed of random draws, if the scenario gives none. */
  seed: number
}

/** All that a step needs to be played. */
type Scene = {
  readonly stage: Stage
  readonly clerk: Clerk
  readonly around: Surroundings
  readonly clocks: Clocks
  readonly random: Random
}

async function talkAll(steps: (TalkStep | BytesStep)[], { stage, random }: Scene): Promise<Talk[]> {
  const armed = []
  for (const step of steps) armed.push(await arm(step.kind === 'talk' ? drawn(step, random) : step, stage))
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

/** The faults beside the exchanges of a step. */
async function problemsOf(step: Exclude<Step, { kind: 'loop' }>, talks: Talk[], scene: Scene): Promise<string[]> {
  const { stage, clerk, around, clocks } = scene
  switch (step.kind) {
    case 'wait':
      await sleep(step.ms)
      return []
    case 'close':
      return (await stage.lines.close(step.wire, step.how)) ? [] : [`no line ${step.wire} is open`]
    case 'cases':
      return casesProblems(step, stage.memory, clerk)
    case 'decide':
      return decideProblems(step, stage.memory, clerk)
    case 'clear': {
      const problem = await clerk.clear(stage.cards.get(step.card)?.number ?? '')
      return problem === null ? [] : [problem]
    }
    case 'clock':
    case 'network':
    case 'host':
      return playEvent(step, around, clocks, stage.timeoutMs)
    case 'together':
      return tallyProblems(step, talks)
    case 'talk':
    case 'bytes':
      return []
  }
}

async function play(step: Exclude<Step, { kind: 'loop' }>, scene: Scene): Promise<StepOutcome> {
  const said = step.kind === 'together' ? step.steps : step.kind === 'talk' || step.kind === 'bytes' ? [step] : []
  const talks = await talkAll(said, scene)
  return { title: step.title, line: step.line, note: '', problems: await problemsOf(step, talks, scene), talks }
}

const lacking = (reason: string): Picked => ({ ok: false, lacking: true, reason })

/** A card of a host that the scenario started: only its stripe. */
function hostCard({ host, place }: CardInput, { hosts }: Surroundings): Picked {
  const card = hosts.get(host ?? '')?.cards[place - 1]
  if (card === undefined) return lacking(`the host ${host} has no card ${place}`)
  const { number, balance } = card
  const stripe = { track1: '', track2: trackOf(card), barcode: number, ecode: '' }
  return { ok: true, tried: 0, card: { number, ...stripe, issue: host ?? '', state: 'sold', balance } }
}

async function pickFor(input: CardInput, stage: Stage, around: Surroundings, settings: RunSettings): Promise<Picked> {
  if (input.host !== null) return hostCard(input, around)
  if (input.given !== null && settings.given !== null) {
    const card = settings.given[input.given - 1]
    return card === undefined ? lacking(`--cards has no card ${input.given}`) : { ok: true, tried: 0, card }
  }
  // A terminal without a MAC, because only the card's state matters here.
  const { terminals } = settings.demo
  const terminal = terminals.find(({ mac }) => mac === 'none') ?? terminals[0]
  if (terminal === undefined) return lacking('terminals.csv has no terminals')
  return pickCard(input, settings.demo.cards, settings.used, { ...stage, terminal })
}

/** The cards of a scenario; a word for the failure, which the watcher has received. */
async function findCards(
  { cards: wishes }: Scenario,
  stage: Stage,
  around: Surroundings,
  settings: RunSettings,
  watcher: Watcher,
): Promise<Map<string, DemoCard> | 'lacking' | 'failed'> {
  const cards = new Map<string, DemoCard>()
  for (const input of wishes) {
    const picked = await pickFor(input, stage, around, settings)
    if (!picked.ok) {
      watcher.card({ name: input.name, number: null, note: '', problem: picked.reason })
      return picked.lacking ? 'lacking' : 'failed'
    }
    const { number, issue, state, balance } = picked.card
    const worth = balance > 0 ? `, ${formatAmount(balance)}` : ''
    watcher.card({ name: input.name, number: maskNumber(number), note: `${issue}, ${state}${worth}`, problem: null })
    cards.set(input.name, picked.card)
  }
  return cards
}

type Played = { readonly begun: boolean; readonly steps: number; readonly failed: number }

async function playSteps(scenario: Scenario, scene: Scene, settings: RunSettings, watcher: Watcher): Promise<Played> {
  const cards = await findCards(scenario, scene.stage, scene.around, settings, watcher)
  if (typeof cards === 'string') return { begun: cards !== 'lacking', steps: 0, failed: cards === 'failed' ? 1 : 0 }
  const stage = { ...scene.stage, cards }
  let steps = 0
  let failed = 0
  for (const step of unrolled(scenario.steps)) {
    const outcome = await play(step, { ...scene, stage })
    watcher.step(outcome)
    steps++
    if (stepOk(outcome)) continue
    failed++
    if (!settings.keepGoing) break
  }
  return { begun: true, steps, failed }
}

function stageOf(
  scenario: Scenario,
  settings: RunSettings,
  { peer }: Surroundings,
  aliases: ReadonlyMap<string, DemoTerminal>,
  clocks: Clocks,
): Stage {
  const { terminals, keyTerminals } = settings.demo
  return {
    wire: peer.wire,
    currency: settings.currency,
    cards: new Map(),
    aliases,
    terminals,
    keyTerminals,
    memory: new Map(),
    stamp: (terminal) => {
      const alias = [...aliases].find(([, one]) => one.terminal === terminal)?.[0] ?? ''
      return settings.stamp(terminal, clocks.get(terminal) ?? clocks.get(alias) ?? clocks.get('') ?? 0)
    },
    lines: linesTo(peer),
    timeoutMs: scenario.timeoutMs,
  }
}

/**
 * Plays a scenario to its end or, unless `keepGoing`, to its first failed step. `not begun`: a card, terminal or port
 * was missing, so nothing is known about the switch.
 */
export async function runScenario(
  scenario: Scenario,
  settings: RunSettings,
  watcher: Watcher,
): Promise<'passed' | 'failed' | 'not begun'> {
  const began = performance.now()
  const { file, title } = scenario
  const seed = scenario.seed ?? settings.seed
  watcher.begin(drawsAnything(scenario.steps) ? `${title}, seed ${seed}` : title, file)
  const ended = ({ begun, steps, failed }: Played, strays: number) => {
    const ok = begun && failed === 0
    watcher.end({ file, title, begun, ok, steps, failed, ms: performance.now() - began, strays })
    return !begun ? 'not begun' : ok ? 'passed' : 'failed'
  }
  const unbegun = (problem: string) => {
    watcher.card({ name: '', number: null, note: '', problem })
    return ended({ begun: false, steps: 0, failed: 0 }, 0)
  }
  const aliases = pickTerminals(scenario.terminals, settings.demo.terminals)
  if (typeof aliases === 'string') return unbegun(`there is no terminal for '${aliases}'`)
  let around: Surroundings
  try {
    around = await surround(scenario, settings.peer)
  } catch (problem) {
    if (!(problem instanceof SetUpError)) throw problem
    return unbegun(problem.message)
  }
  const clocks: Clocks = new Map()
  const stage = stageOf(scenario, settings, around, aliases, clocks)
  try {
    const scene = { stage, clerk: settings.clerk, around, clocks, random: seeded(seed) }
    const played = await playSteps(scenario, scene, settings, watcher)
    await stage.lines.closeAll()
    return ended(played, stage.lines.strays())
  } finally {
    await stage.lines.closeAll()
    await around.stop()
  }
}
