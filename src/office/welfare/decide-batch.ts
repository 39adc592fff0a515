import { lockEmployer } from '../../db/sql/employers.ts'
import { type Batch, countLoads, updateBatch } from '../../db/sql/welfare-batches.ts'
import { type Actor, isSamePerson } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { dependenceObjection } from '../grants.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { batchRow, foundIn, lockedBatch } from './batches.ts'
import { openEmployer } from './employers.ts'
import { recheck } from './recheck.ts'

export type Decision = { readonly id: number; readonly approve: boolean; readonly reason: string }

/**
 * A second person's word on a proposed batch. Approved, it is booked from here on (`bookBatch`, or the job of a running
 * server), unless its cards do not take it any more: then it is to be corrected and proposed again. Refused, nothing of it
 * is left.
 */
export async function decideBatch(office: Office, actor: Actor, wish: Decision): Promise<Batch | Refused> {
  const { id, approve, reason } = wish
  const no = mayDo(actor, 'welfare.approve')
  if (no !== null) return no
  const at = office.clock()
  const { result } = await office.db.transaction(async (connection) => {
    const seen = await batchRow(connection, id)
    if (isRefused(seen)) return { result: seen }
    // Approved before, and its booking was broken off.
    if (approve && seen.state === 'approved') return { result: seen }
    const employer = await openEmployer(connection, seen.employer)
    if (isRefused(employer)) return { result: employer }
    await connection.send(lockEmployer(seen.employer))
    const batch = await lockedBatch(connection, id, ['proposed'])
    if (isRefused(batch)) return { result: batch }
    if (approve) {
      for (const by of [batch.proposedBy ?? '', batch.preparedBy]) {
        if (isSamePerson(actor, by)) return { result: refused('own_request', { who: by }) }
        const objection = await dependenceObjection(connection, office, actor, by, at)
        if (objection !== null) return { result: objection }
      }
      const [[counts] = []] = await connection.send(countLoads(id))
      const mayNotSell = Number(counts?.[1]) > 0 ? mayDo(actor, 'packs.sell.approve') : null
      if (mayNotSell !== null) return { result: mayNotSell }
      const { stops } = await recheck(office, connection, employer, batch, { frozen: true, at })
      if (stops > 0) {
        await connection.send(updateBatch(id, { state: 'checked' }))
        return { result: refused('batch_has_stops', { batch: id, rows: stops }) }
      }
      // Nobody has accepted what was not there to be seen when it was proposed.
      const found = await foundIn(connection, id)
      const open = found.map(({ code }) => code).filter((code) => !batch.accepted.includes(code))
      if (open.length > 0) {
        await connection.send(updateBatch(id, { state: 'checked' }))
        return { result: refused('warnings_not_accepted', { batch: id, codes: open.join(', ') }) }
      }
    }
    const state = approve ? 'approved' : 'refused'
    await connection.send(updateBatch(id, { state, decidedBy: actor.login, decidedAt: at, decision: reason }))
    await putOnRecord(connection, office, actor, at, {
      action: approve ? 'welfare.approve' : 'welfare.refuse',
      object: { kind: 'welfare', id },
      details: { employer: batch.employer, rows: batch.rows, amount: batch.amount, by: batch.proposedBy, reason },
    })
    return { result: await batchRow(connection, id) }
  })
  return result
}
