import { isByNumberAlone } from '../core/by-number.ts'
import type { Card } from '../core/card.ts'
import { type CountName, countName, type DayCount } from '../core/day-counts.ts'
import { countOf, mayCount } from '../core/day-limits.ts'
import type { Lookups } from '../core/lookups.ts'
import { isLookup } from '../core/card-lookup.ts'
import { heedsPack, isUnsold, type Pack } from '../core/pack.ts'
import type { Request } from '../core/request.ts'
import { lineText, type StagedBatch, type StagedLoad } from '../core/staged-load.ts'
import type { Tries } from '../core/tries.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { lockDayCounts, toDayCount } from '../db/sql/day-counts.ts'
import { lockLookups, toLookups } from '../db/sql/lookups.ts'
import { shareLockPacks, toPack } from '../db/sql/packs.ts'
import {
  selectBatchesOfCards,
  selectDecidedLoads,
  selectLines,
  shareLockBatches,
  toStagedBatch,
  toStagedLoad,
} from '../db/sql/staged.ts'
import { selectTries, toTries } from '../db/sql/tries.ts'
import { sendNamed } from './named-results.ts'

/** Rows of other tables about the cards of a batch; most cards have none. */
export type SideRows = {
  readonly tries: readonly Tries[]
  readonly packs: readonly Pack[]
  readonly lookups: readonly Lookups[]
  readonly dayCounts: readonly DayCount[]
  /** Staged loads of these cards whose batch is decided. */
  readonly decidedLoads: readonly StagedLoad[]
  readonly stagedBatches: readonly StagedBatch[]
  readonly stagedLines: readonly string[]
}

/**
 * One more packet if a batch needs it, none for payments by stripe with cards in use: wrong tries of cards that have
 * any, packs of unsold cards, queries about unsold cards by sources that present only a number, and the terminals'
 * counts of the day.
 *
 * @param shown `numberHash` of the presented numbers → id of the card
 */
export async function loadSideRows(
  connection: WorkerConnection,
  requests: readonly Request[],
  cards: readonly Card[],
  shown: ReadonlyMap<string, number>,
): Promise<SideRows> {
  const tried = cards.filter((card) => card.tried).map(({ id }) => id)
  const packs = [...new Set(cards.filter(heedsPack).map(({ packId }) => packId))].filter((id) => id !== null)
  const sources = sourcesOfLookups(requests, cards.some(isUnsold))
  const counts = countsOf(requests, cards, shown)
  const flagged = cards.filter(({ staged }) => staged > 0).map(({ id }) => id)
  const staging = requests.flatMap(({ ask }) => (ask.act === 'stage' ? [ask] : []))
  const batches = [...new Set(staging.map(({ batchId }) => batchId))]
  const rows = await sendNamed(connection, {
    tries: tried.length > 0 ? selectTries(tried) : null,
    packs: packs.length > 0 ? shareLockPacks(packs) : null,
    lookups: sources.length > 0 ? lockLookups(sources) : null,
    dayCounts: counts.length > 0 ? lockDayCounts(counts).join(';') : null,
    decidedLoads: flagged.length > 0 ? selectDecidedLoads(flagged) : null,
    batchesOfCards: flagged.length > 0 ? selectBatchesOfCards(flagged) : null,
    batches: batches.length > 0 ? shareLockBatches(batches) : null,
    lines: batches.length > 0 ? selectLines(staging) : null,
  })
  return {
    tries: (rows.tries ?? []).map(toTries),
    packs: (rows.packs ?? []).map(toPack),
    lookups: (rows.lookups ?? []).map(toLookups),
    dayCounts: (rows.dayCounts ?? []).map(toDayCount),
    decidedLoads: (rows.decidedLoads ?? []).map(toStagedLoad),
    // If a row was read twice, the reading under the lock comes last and counts.
    stagedBatches: [...(rows.batchesOfCards ?? []), ...(rows.batches ?? [])].map(toStagedBatch),
    stagedLines: (rows.lines ?? []).map(([batchId, line]) =>
      lineText({ batchId: Number(batchId), line: Number(line) }),
    ),
  }
}

/**
 * The sources whose counts are needed: a source that shows only a number may be locked; one that also shows an eCode
 * only if the request is about an unsold card.
 */
const sourcesOfLookups = (requests: readonly Request[], isAboutUnsold: boolean): readonly string[] => [
  ...new Set(
    requests
      .filter((request) => mayBeLocked(request) || (isAboutUnsold && looksUp(request)))
      .map(({ source }) => source),
  ),
]

function mayBeLocked(request: Request): boolean {
  const { ask } = request
  const presented = ask.act === 'operation' || ask.act === 'cancellation' ? ask.presented : null
  return presented !== null && isByNumberAlone(request, presented)
}

const looksUp = (request: Request): boolean => request.ask.act === 'operation' && isLookup(request, request.ask)

function countsOf(
  requests: readonly Request[],
  cards: readonly Card[],
  shown: ReadonlyMap<string, number>,
): readonly CountName[] {
  const counted = requests.filter(({ ask }) => ask.act === 'operation' && mayCount(ask))
  if (counted.length === 0) return []
  const issueOf = new Map(cards.map(({ id, issueId }) => [id, issueId]))
  const names = counted.flatMap((request) => {
    if (request.ask.act !== 'operation') return []
    const issueId = issueOf.get(shown.get(request.ask.presented.numberHash) ?? 0)
    const name = issueId === undefined ? null : countOf(request, request.ask, issueId)
    return name === null ? [] : [[countName(name), name] as const]
  })
  return [...new Map(names).values()]
}
