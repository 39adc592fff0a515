import { setUpError } from '../config/set-up-error.ts'
import type { Result } from '../core/result.ts'
import type { Log } from '../log.ts'
import type { Access } from '../db/access.ts'
import { type CaseView, type Decision, readCases, refusedDecisions, resolutionRequest } from '../office/case-records.ts'
import { createEngine } from '../engine/engine.ts'
import { createIds } from '../db/ids.ts'
import { keepRegistry } from '../db/registry.ts'
import { onDatabase } from './on-database.ts'

export type { CaseView, Decision }

/** The oldest first. */
export const listCases = (
  home: string,
  filter: { readonly open: boolean; readonly most: number },
): Promise<CaseView[]> => onDatabase(home, (access) => readCases(access, { ...filter, id: null }))

/** @throws a set-up error where there is no such case */
export const findCase = (home: string, id: number): Promise<CaseView> =>
  onDatabase(home, (access) => oneCase(access, id))

/** Books a clerk's decision; any other result than `approved` leaves the case open. @throws where the case is closed already */
export const decideCase = (home: string, id: number, decision: Decision): Promise<Result> =>
  onDatabase(home, (access, log) => decide(access, log, id, decision))

async function decide(access: Access, log: Log, id: number, decision: Decision): Promise<Result> {
  const found = await oneCase(access, id)
  if (found.closedAt !== null) throw setUpError(`case ${id} was closed at ${found.closedAt}: ${found.resolution}`)
  const trouble = (error: unknown): void => void log.error('case', { error })
  const registry = await keepRegistry(access, trouble)
  const ids = await createIds(access, trouble)
  const engine = createEngine(access, () => registry.current().issues, ONE_BY_ONE, {
    batch: () => {},
    trouble: (_what, error) => trouble(error),
  })
  try {
    const [rowId, spareId] = [ids.next(), ids.next()]
    if (rowId === null || spareId === null) throw new Error('no ids')
    const attempt = await refusedDecisions(access, id)
    const request = resolutionRequest(found, decision, { id: rowId, spareId, now: Date.now(), attempt })
    return (await engine.submit(request)).result
  } finally {
    await engine.stop()
    await ids.stop()
    await registry.stop()
  }
}

const ONE_BY_ONE = { workers: 1, batchMax: 1, queueMax: 1, patience: 10_000, queueWait: 10_000 }

async function oneCase(access: Access, id: number): Promise<CaseView> {
  const [found] = await readCases(access, { open: false, most: 1, id })
  if (found === undefined) throw setUpError(`there is no case ${id}`)
  return found
}
