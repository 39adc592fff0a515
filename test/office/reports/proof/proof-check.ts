import { workerConnection } from '../../../../src/db/connection.ts'
import { foldOnce } from '../../../../src/db/folding.ts'
import { REPORT_SUMS } from '../../../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../../../src/db/search-rows.ts'
import { verifyLedger } from '../../../../src/office/ledger.ts'
import { dayStart } from '../../../../src/office/day-bounds.ts'
import { keepFigures } from '../../../../src/jobs/report-figures.ts'
import { countAllCards } from '../../../../src/office/reports/card-counts.ts'
import type { Report, ReportRow } from '../../../../src/office/reports/report.ts'
import { type ReportSelection, runReport } from '../../../../src/office/reports/reports.ts'
import { verifySums } from '../../../../src/office/reports/verification.ts'
import type { Settlement } from '../../../../src/office/settlement/figures.ts'
import { showSettlement } from '../../../../src/office/settlement/reading.ts'
import { coinBooks } from '../../../core/reports/coins.ts'
import { ok } from '../../test-office.ts'
import * as second from './proof-figures.ts'
import type { Figures } from './proof-figures.ts'
import { openPeople } from './proof-people.ts'
import { DAY_MS, openPlayer } from './proof-play.ts'
import { OLA, PROOF_BEGIN, STORES, type World } from './proof-world.ts'

export type Proof = { readonly seed: number; readonly moves: number; readonly days: number }
export type Proven = { readonly findings: readonly string[]; readonly transfers: number; readonly reports: number }

const MOST_FINDINGS = 20

/**
 * Marks the kept figures of cards as those of other transfers, so that they are not used; and back. The last day of a card is
 * kept as it was then, while the journal has its present value.
 */
const TURN_KEPT = ['report_months', 'report_day_ends'].map((table) => `UPDATE ${table} SET transfers = -2 - transfers`)

/** Without its rows, nothing is used of what it tells about. */
const KEPT = ['report_day_ends', 'report_spans', 'report_months'] as const

/** Plays a history and holds every report of every day against what the messages say. */
export async function prove(world: World, { seed, moves, days }: Proof): Promise<Proven> {
  const { journal, clock, setting, run } = world
  const player = openPlayer(world, seed)
  const people = openPeople(world, player)
  const watched = workerConnection(setting.access)
  const fold = (batches: number): Promise<unknown> => foldOnce(watched, [SEARCH_ROWS, REPORT_SUMS], { batches, ids: 1_000_000 }) // prettier-ignore
  await fold(10_000)
  const before = await baseOf(world)
  await countAllCards(world.office)
  const checks = checksOf(world, people, before)
  const closed: Settlement[] = []
  const all: string[] = []
  for (let day = 0; day < days; day++) {
    clock.now = PROOF_BEGIN + day * DAY_MS
    await player.morning()
    if (day % 12 === 0) await people.hireOn(await people.sellPack(4, 100 * (20 + player.random(30))))
    for (let i = 0; i < moves / days; i++) await player.move()
    if (day % 5 === 3) await people.loadBatch()
    if (day % 6 === 5) await people.recall()
    if (day % 7 === 2) await people.pay()
    for (let i = 0; i < 5; i++) await player.move()
    all.push(player.today())
    await fold([0, 3, 10_000][player.random(3)] ?? 0)
    // Reports are the same with what is kept, with some of it, and without.
    if (player.random(3) > 0) await keepFigures(world.office, () => false, 1)
    else if (player.random(3) === 0) await run(`DELETE FROM ${KEPT[player.random(KEPT.length)] ?? ''}`)
    await checks.day(player.today(), true)
    if (day % 15 === 14 && day < days - 1) {
      // The day that goes on is settled later, and so is the one that tills may still book on.
      clock.now += DAY_MS
      closed.push(await people.close(all[day - 14] ?? '', all[day] ?? ''))
    }
    for (const one of closed) await checks.frozen(one)
  }
  await fold(10_000)
  for (const day of all) await checks.day(day, false)
  for (const one of closed) await checks.frozen(one)
  await checks.whole(all[0] ?? '', all.at(-1) ?? '')
  await watched.close()
  return { findings: checks.findings, transfers: journal.facts.length, reports: checks.count() }
}

/** Cards of the demo that the journal does not know, before anything happens. */
async function baseOf({ office, journal }: World): Promise<Figures> {
  const { rows } = await ok(runReport(office, OLA, 'cards', {}))
  return less(told(rows, ['issue', 'state'], ['cards', 'ledger']), second.cards(journal))
}

function told(rows: readonly ReportRow[], words: readonly string[], figures: readonly string[]): Figures {
  const all = new Map<string, number[]>()
  for (const row of rows) {
    const values = figures.map((name) => Number(row[name]))
    if (values.every((value) => value === 0) && words.length < 6 && !words.includes('hour')) continue
    const key = words.map((name) => row[name]).join(' ')
    all.set(
      key,
      (all.get(key) ?? values.map(() => 0)).map((value, i) => value + (values[i] ?? 0)),
    )
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const ROLLED = ['opening', 'sold', 'toppedUp', 'refunded', 'packSales', 'welfare', 'recalled', 'paid', 'cashedOut', 'expired', 'adjusted', 'closing'] as const // prettier-ignore

type People = ReturnType<typeof openPeople>

function checksOf(world: World, people: People, before: Figures) {
  const { office, journal } = world
  const findings: string[] = []
  const coins = coinBooks()
  let [heard, count] = [0, 0]
  const report = (name: string, wish: ReportSelection): Promise<Report> => {
    count += 1
    return ok(runReport(office, OLA, name, wish))
  }
  const same = (what: string, found: Figures, wanted: Figures): void => {
    for (const key of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
      const [ours, theirs] = [JSON.stringify(found[key] ?? 'nothing'), JSON.stringify(wanted[key] ?? 'nothing')]
      if (ours !== theirs && findings.length < MOST_FINDINGS) findings.push(`${what}: ${key}: ${ours}, by the messages ${theirs}`) // prettier-ignore
    }
  }
  const matrix = (from: string, to: string): Figures => {
    for (const event of journal.events.slice(heard)) {
      if (event.what === 'arrive') coins.arrive(event.id)
      else if (event.what === 'undo') coins.undo(event.fact)
      else coins.book(event.fact)
    }
    heard = journal.events.length
    const sums: Record<string, number[]> = {}
    for (const { day, origin, spentIn, currency, amount } of coins.tellings) {
      if (day < from || day > to) continue
      const key = `${origin} ${spentIn} ${second.lettersOf(currency)}`
      sums[key] = [(sums[key]?.[0] ?? 0) + amount]
    }
    return Object.fromEntries(Object.entries(sums).filter(([, [amount]]) => amount !== 0))
  }

  const period = async (from: string, to: string, when: string): Promise<void> => {
    const wish = { from, to }
    const { rows, matrix: shown = [] } = await report('settlement', wish)
    same(`settlement ${when}`, told(rows, ['store', 'currency'], ['receivable', 'payable', 'net']), second.settlement(journal, wish)) // prettier-ignore
    const cells = shown.map(({ origin, spentIn, currency, amount }) => [`${origin} ${spentIn} ${currency}`, [amount]])
    same(`matrix ${when}`, Object.fromEntries(cells) as Figures, matrix(from, to))
    const active = ['day', 'store', 'issue', 'channel', 'operation', 'currency']
    const counts = ['count', 'amount', 'undoneCount', 'undoneAmount']
    for (const byOriginalDay of [false, true]) {
      const found = told((await report('activity', { ...wish, byOriginalDay })).rows, active, counts)
      same(`activity ${when} ${byOriginalDay ? 'by original day' : ''}`, withoutZeros(found), second.activity(journal, wish, byOriginalDay)) // prettier-ignore
    }
    for (const stores of [null, [STORES[1]], ['ACME', STORES[2]]]) {
      const rolled = await report('roll-forward', { ...wish, stores })
      same(`roll-forward ${when} ${stores?.join(' ') ?? ''}`, told(rolled.rows, ['issue', 'currency'], ROLLED), second.rollForward(journal, { ...wish, stores })) // prettier-ignore
      for (const row of rolled.rows) {
        const sum = ROLLED.slice(0, -1).reduce((all, name) => all + Number(row[name]), 0)
        if (sum !== Number(row['closing']))
          findings.push(`roll-forward ${when}: ${String(row['issue'])} does not close`)
      }
    }
    const owed = told((await report('counterparties', wish)).rows, ['counterparty', 'currency'], ['opening', 'packSales', 'welfare', 'recalled', 'payments', 'balance']) // prettier-ignore
    same(`counterparties ${when}`, owed, second.counterparties(journal, people.paid, wish))
    const loaded = told((await report('welfare', wish)).rows, ['employer', 'batch', 'recall', 'day', 'currency'], ['count', 'loaded', 'recalled']) // prettier-ignore
    same(`welfare ${when}`, loaded, second.welfare(people.welfare, wish))
    const refused = told((await report('declines', wish)).rows, ['reason', 'store', 'terminal'], ['count'])
    same(`declines ${when}`, refused, second.declines(journal, wish))
    const waiting = told((await report('unconfirmed', wish)).rows, ['store', 'terminal', 'currency'], ['open', 'openAmount', 'byTimer', 'cases', 'cleared']) // prettier-ignore
    same(`unconfirmed ${when}`, waiting, second.unconfirmed(journal, wish))
  }

  return {
    findings,
    count: () => count,
    async day(day: string, isNow: boolean): Promise<void> {
      const when = `${day} ${isNow ? 'on that day' : 'later'}`
      await period(day, day, when)
      for (const ageBy of ['sale', 'activity', 'validity'] as const) {
        const isNowAlone = ageBy === 'validity' && !isNow
        if (isNowAlone) for (const turn of TURN_KEPT) await world.run(turn)
        const held = told((await report('liability', { asOf: day, ageBy })).rows, ['issue', 'store', 'currency', 'age'], ['ledger', 'unconfirmed', 'cards']) // prettier-ignore
        if (isNowAlone) for (const turn of TURN_KEPT) await world.run(turn)
        same(`liability ${when} by ${ageBy}`, held, second.liability(journal, day, ageBy))
      }
      const paid = told((await report('network', { asOf: day })).rows, ['currency'], ['payments', 'amount'])
      same(`network ${when}`, paid, second.network(journal, day))
      const names = ['loaded', 'used', 'usedBy1', 'usedBy3', 'usedBy6', 'usedBy12', 'expired', 'released', 'remaining']
      const broken = told((await report('breakage', { asOf: day })).rows, ['issue', 'currency', 'cohort'], names)
      same(`breakage ${when}`, broken, second.breakage(journal, day))
      if (!isNow) {
        const tills = told((await report('cashiers', { from: day, to: day })).rows, ['store', 'terminal', 'hour'], ['refunds', 'cancellations', 'keyed']) // prettier-ignore
        const offset = Date.parse(`${day}T00:00:00Z`) - dayStart(day, office.timeZone)
        same(`cashiers ${when}`, tills, second.cashiers(journal, day, offset))
        return
      }
      const stock = told((await report('cards', {})).rows, ['issue', 'state'], ['cards', 'ledger'])
      same(`cards ${when}`, less(stock, before), second.cards(journal))
      const { faults } = await ok(verifySums(office, OLA))
      findings.push(...faults.map((fault) => `sums on ${when}: ${fault}`))
      await balances(world, when, findings)
    },
    async frozen(settlement: Settlement): Promise<void> {
      const now = (await ok(showSettlement(office, OLA, { id: settlement.id }))).settlement
      if (JSON.stringify(now) !== JSON.stringify(settlement)) findings.push(`settlement ${String(settlement.number)} has changed`) // prettier-ignore
    },
    /** The whole time at once, and the ledger. */
    async whole(from: string, to: string): Promise<void> {
      await period(from, to, `${from} to ${to}`)
      findings.push(...(await verifyLedger(world.setting.access)).faults)
      const packs = (await report('packs', { stores: ['ACME'] })).rows
      same('packs', told(packs, ['recipient', 'issue', 'state'], ['packs', 'cards']), {
        'ACME OPEN sold': [people.packs.length, people.packs.reduce((sum, { cards }) => sum + cards, 0)],
      })
    },
  }
}

const withoutZeros = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([, values]) => values.some((value) => value !== 0)))

function less(figures: Figures, base: Figures): Figures {
  const keys = new Set([...Object.keys(figures), ...Object.keys(base)])
  const rows = [...keys].map((key) => [key, (figures[key] ?? [0, 0]).map((value, i) => value - (base[key]?.[i] ?? 0))])
  return withoutZeros(Object.fromEntries(rows) as Figures)
}

/** The journal knows the cards: else no figure of it means anything. */
async function balances({ run, journal }: World, when: string, findings: string[]): Promise<void> {
  const rows = await run(
    `SELECT c.id, c.ledger + COALESCE(s.amount, 0) AS ledger, c.available + COALESCE(s.amount, 0) AS available FROM cards c
     LEFT JOIN (SELECT l.card_id, SUM(l.amount) AS amount FROM staged_loads l JOIN staged_batches b ON b.id = l.batch_id AND b.state = 'booked'
       GROUP BY l.card_id) s ON s.card_id = c.id WHERE c.id IN (?)`,
    [[...journal.cards.keys()]],
  )
  for (const { id, ledger, available } of rows) {
    const card = journal.cards.get(Number(id))
    if (card?.ledger === Number(ledger) && card.available === Number(available)) continue
    if (findings.length < MOST_FINDINGS) {
      findings.push(`card ${String(id)} on ${when}: ${String(ledger)}/${String(available)}, by the messages ${card?.ledger}/${card?.available}`) // prettier-ignore
    }
  }
}
