import fc from 'fast-check'
import type { RowDataPacket } from 'mysql2/promise'
import { dateIn } from '../../src/office/clock.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import type { Break } from '../engine/database-proxy.ts'
import type { EngineSetting } from '../engine/engine-setting.ts'
import { wrongSequences } from '../engine/sequences.ts'
import { eventsFault, finalReads, looks, makeTokens } from './api-final.ts'
import { apiGround, type Ground, NeverEnds } from './api-ground.ts'
import { type History, HISTORY } from './api-history.ts'
import { settled } from './api-orders.ts'
import { newPlaying, OPENING, playBurst, type Playing } from './api-playing.ts'
import { type Site, startSite } from './api-site.ts'
import { newAgent } from './api-wire.ts'

/** Histories that run beside each other through one process, so that its batches mix what the histories do. */
const AT_ONCE = 40

/** A fault of the process while a burst is played, by its number; the clock moves between the parts of histories. */
type Trouble = {
  readonly burst: number
  readonly what: 'kill' | Break
  readonly whose: 'engine' | 'others'
  /** Answers after which it happens. */
  readonly after: number
}

const TROUBLE: fc.Arbitrary<Trouble> = fc.record({
  burst: fc.nat(14),
  what: fc.constantFrom('kill', 'before', 'during', 'after', 'refused'),
  whose: fc.constantFrom('engine', 'engine', 'others'),
  after: fc.nat(15),
})

/** Minutes between the parts; `race`: while a burst is played, else between two. */
type Tick = { readonly minutes: number; readonly race: boolean }
const TICK: fc.Arbitrary<Tick> = fc.oneof(
  fc.record({ minutes: fc.constantFrom(16, 16, 70), race: fc.boolean() }),
  fc.constant({ minutes: 26 * 60, race: false }),
)

const MINUTE_MS = 60_000
// The ledger is verified as a whole: after every run only while it is small.
const LEDGER_AT_FIRST = 4
const LEDGER_EVERY = 20

export type ApiReport = {
  readonly histories: number
  readonly requests: number
  readonly kills: number
  /** Histories that too many orders could explain. */
  readonly undecided: number
  /** Requests that took as long as the API waits for an outcome. */
  readonly late: number
  /** The checker's finding, with a way to repeat it; null: everything is explained. */
  readonly finding: string | null
}

type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/** Plays at least `histories` histories over HTTP. Ends with the first run in which something cannot be explained. */
export async function runApiModel(t: Teardown, histories: number, seed: number): Promise<ApiReport> {
  const stage = await openStage(t)
  let runs = 0
  let finding: string | null = null
  const run = async (batch: readonly History[], ticks: readonly Tick[], troubles: readonly Trouble[]) => {
    runs += 1
    finding = await stage.play(batch, ticks, troubles).catch(neverEnds)
    if (finding === null && (runs <= LEDGER_AT_FIRST || runs % LEDGER_EVERY === 0)) {
      finding = await unbalanced(stage.ground.setting)
    }
    return finding === null
  }
  try {
    // A failure depends on timing: what is told is the one history that went wrong, and shrinking is done with that alone.
    const checked = await fc.check(
      fc.asyncProperty(
        fc.array(HISTORY, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        fc.array(TICK, { minLength: 2, maxLength: 2 }),
        fc.array(TROUBLE, { minLength: 2, maxLength: 4 }),
        run,
      ),
      { numRuns: Math.ceil(histories / AT_ONCE), seed, endOnFailure: true },
    )
    if (checked.failed && finding === null) {
      throw new Error(`AKART_MODEL_SEED=${seed}, run ${checked.numRuns}`, { cause: checked.errorInstance })
    }
    finding ??= await unbalanced(stage.ground.setting)
  } finally {
    await stage.close()
  }
  const again = finding === null ? null : `AKART_MODEL_SEED=${seed}, run ${runs}: ${finding}`
  return { ...stage.counts(), finding: again }
}

function neverEnds(error: unknown): string {
  if (error instanceof NeverEnds) return error.message
  throw error
}

type Stage = {
  readonly ground: Ground
  readonly play: (batch: readonly History[], ticks: readonly Tick[], troubles: readonly Trouble[]) => Promise<string | null> // prettier-ignore
  readonly counts: () => Omit<ApiReport, 'finding'>
  readonly close: () => Promise<void>
}

/** Database, clock, and a process that is killed and started again. */
async function openStage(t: Teardown): Promise<Stage> {
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const ground = await apiGround(t, clock)
  const { access } = ground.setting
  const agent = newAgent()
  let site = await startSite(access, clock)
  let answered: () => void = () => undefined
  const counts = { histories: 0, requests: 0, kills: 0, undecided: 0, late: 0 }

  const restart = async (): Promise<void> => {
    const threads = site.kill()
    counts.kills += 1
    await ground.none('a killed process', `information_schema.processlist WHERE id IN (0,${threads.join(',')})`)
    site = await startSite(access, clock)
  }
  const tick = async (minutes: number): Promise<void> => {
    ahead += minutes * MINUTE_MS
    const now = new Date(clock.now()).toISOString().slice(0, 23).replace('T', ' ')
    await ground.none('the timer', `transactions WHERE confirm_by <= '${now}'`)
  }
  const open = async (): Promise<Playing> => {
    const number = ++counts.histories
    const apiKeys = await ground.newShops(number)
    const playing = newPlaying({ port: () => site.port, agent, apiKeys, till: ground.till, answered: () => answered() })
    return playing
  }

  const play: Stage['play'] = async (batch, ticks, troubles) => {
    ahead = tenOClockAfter(clock.now()) - Date.now()
    await tick(0)
    const all: Playing[] = []
    for (const _ of batch) all.push(await open())
    const cards = await ground.newCards(all.flatMap(() => OPENING))
    for (const [i, { memory }] of all.entries()) {
      OPENING.forEach((_, j) => memory.cards.set(`p${j}`, cards[OPENING.length * i + j] ?? fail()))
    }
    await Promise.all(all.map(makeTokens))
    const parties = all.map((playing, i) => ({ playing, history: batch[i] ?? [] }))
    const found =
      (await playParts(parties, ticks, troubles, {
        site: () => site,
        restart,
        tick,
        onAnswer: (then) => (answered = then),
      })) ??
      (await afterwards(
        all.filter(({ isUndecided }) => !isUndecided),
        { ground, restart, tick },
      ))
    counts.undecided += all.filter(({ isUndecided }) => isUndecided).length
    counts.requests += all.reduce((sum, { requests }) => sum + requests, 0)
    counts.late += all.reduce((sum, { late }) => sum + late, 0)
    return found
  }
  const close = async (): Promise<void> => {
    agent.destroy()
    await site.stop()
  }
  return { ground, play, counts: () => counts, close }
}

type Party = { readonly playing: Playing; readonly history: History }
type Hands = {
  readonly site: () => Site
  readonly restart: () => Promise<void>
  readonly tick: (minutes: number) => Promise<void>
  /** Calls this with each answer that a shop gets. */
  readonly onAnswer: (then: () => void) => void
}

/** Bursts of all histories side by side, part by part. */
async function playParts(
  parties: readonly Party[],
  ticks: readonly Tick[],
  troubles: readonly Trouble[],
  hands: Hands,
): Promise<string | null> {
  let number = 0
  const parts = Math.max(...parties.map(({ history }) => history.length))
  for (let part = 0; part < parts; part++) {
    const bursts = Math.max(...parties.map(({ history }) => history[part]?.length ?? 0))
    for (let i = 0; i < bursts; i++) {
      const tick = i === 0 && part > 0 ? ticks[part - 1] : undefined
      const racing = tick?.race === true ? tick.minutes : 0
      if (tick?.race === false) {
        await hands.tick(tick.minutes)
        const found = await all(parties, ({ playing }) => playBurst(playing, [], tick.minutes))
        if (found !== null) return found
      }
      const trouble = troubles.filter(({ burst }) => burst === number)
      number += 1
      const playing = all(parties, ({ playing, history }) => playBurst(playing, history[part]?.[i] ?? [], racing))
      const [found] = await Promise.all([playing, racing > 0 ? hands.tick(racing) : null, makeTrouble(hands, trouble, playing)]) // prettier-ignore
      if (found !== null) return found
    }
  }
  return null
}

/** While a burst is at work. A kill comes after some answers, or when all are there. */
async function makeTrouble(hands: Hands, troubles: readonly Trouble[], playing: Promise<unknown>): Promise<void> {
  for (const { what, whose } of troubles) if (what !== 'kill') hands.site().breakNextCommit(whose, what)
  const kill = troubles.find(({ what }) => what === 'kill')
  if (kill === undefined) return
  let left = kill.after
  const enough = new Promise<void>((resolve) => {
    hands.onAnswer(() => {
      left -= 1
      if (left < 0) resolve()
    })
  })
  await Promise.race([enough, playing])
  await hands.restart()
}

/** Heals, lets everything come to its end, and looks at all of it. */
async function afterwards(
  all_: readonly Playing[],
  { ground, restart, tick }: Pick<Hands, 'restart' | 'tick'> & { readonly ground: Ground },
): Promise<string | null> {
  await restart()
  for (const playing of all_) playing.possible = settled(playing.possible)
  const parties = all_.map((playing) => ({ playing, history: [] }))
  const day = 26 * 60
  const found = await all(parties, ({ playing }) => finalReads(playing))
  if (found !== null) return found
  await tick(day)
  await ground.none('folding', 'unfolded')
  return all(
    parties,
    async ({ playing }) =>
      (await playBurst(playing, [], day)) ??
      (await looks(playing)) ??
      (await eventsFault(playing)),
  ) // prettier-ignore
}

async function all(parties: readonly Party[], work: (party: Party) => Promise<string | null>): Promise<string | null> {
  const found = await Promise.all(parties.map(work))
  return found.find((one) => one !== null) ?? null
}

const ZONE = 'Europe/Warsaw'

/** Ten in the morning where the store is, on a later day. */
function tenOClockAfter(now: number): number {
  const tomorrow = dateIn(ZONE, now + 26 * 60 * MINUTE_MS)
  const noon = Date.parse(`${tomorrow}T12:00:00Z`)
  const hours = Number(new Intl.DateTimeFormat('en', { timeZone: ZONE, hour: 'numeric', hourCycle: 'h23' }).format(noon)) // prettier-ignore
  return noon - (hours - 10) * 60 * MINUTE_MS
}

async function unbalanced({ access, connection }: EngineSetting): Promise<string | null> {
  const { faults } = await verifyLedger(access)
  if (faults.length > 0) return `the ledger does not add up:\n${faults.join('\n')}`
  const wrong = await wrongSequences(connection)
  if (wrong.length > 0) return `the cards' histories are out of order:\n${wrong.join('\n')}`
  const [cases] = await connection.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS n FROM transactions WHERE state = 'pending'",
  )
  return Number(cases[0]?.['n']) === 0 ? null : 'something is still pending'
}

function fail(): never {
  throw new Error('a card is missing')
}
