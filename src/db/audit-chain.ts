import { hmacHex } from '../cards/hmac.ts'
import type { WorkerConnection } from './connection.ts'
import {
  deleteWaiting,
  insertLinks,
  type Link,
  selectHash,
  selectHead,
  selectLinks,
  selectWaiting,
  toLinkedRow,
} from './sql/audit-chain.ts'
import { lockSlices } from './sql/due.ts'
import type { Row } from './sql/row.ts'

/** The last link: kept outside the database too, so that a chain that is cut short is seen. */
export type Head = { readonly seq: number; readonly hash: string }

export const NO_HEAD: Head = { seq: 0, hash: '0'.repeat(64) }

/** HMAC over the place in the chain, the hash before it and all columns of the row. */
const hashOf = (key: Buffer, before: Head, audited: Row): string =>
  hmacHex(key, JSON.stringify([before.seq + 1, before.hash, ...audited]))

/**
 * Appends up to `most` waiting audit rows to the chain, in one transaction.
 *
 * @returns the head and the number of appended rows; null if another process is appending
 */
export async function chainOnce(
  connection: WorkerConnection,
  key: Buffer,
  most: number,
): Promise<{ readonly head: Head; readonly appended: number } | null> {
  const [slices = [], waiting = [], [last] = []] = await connection.send(
    `BEGIN;${lockSlices('audit_chain')};${selectWaiting(most)};${selectHead}`,
  )
  if (slices.length === 0) {
    await connection.rollback()
    return null
  }
  let head = headOf(last)
  if (waiting.length === 0) {
    await connection.rollback()
    return { head, appended: 0 }
  }
  const links: Link[] = []
  for (const row of waiting) {
    head = { seq: head.seq + 1, hash: hashOf(key, head, row) }
    links.push({ ...head, auditId: Number(row[0]) })
  }
  await connection.send(insertLinks(links))
  await connection.send(deleteWaiting(links.map(({ auditId }) => auditId)))
  await connection.send('COMMIT')
  return { head, appended: links.length }
}

function headOf(row: Row | undefined): Head {
  if (row === undefined) return NO_HEAD
  const [seq, hash] = row as [number, Buffer]
  return { seq, hash: hash.toString('hex') }
}

/** Whether a head that was recorded earlier is still a link of the chain. */
export async function chainHolds(connection: WorkerConnection, { seq, hash }: Head): Promise<boolean> {
  if (seq === 0) return true
  const [[link] = []] = await connection.send(selectHash(seq))
  return (link?.[0] as Buffer | undefined)?.toString('hex') === hash
}

const PAGE = 5_000
const MOST_FAULTS = 100

/** Reads the whole chain again; a line for each fault, at most 100. `anchor`: a head that was kept outside the database. */
export async function walkChain(
  connection: WorkerConnection,
  key: Buffer,
  anchor: Head | null,
): Promise<{ readonly head: Head; readonly faults: readonly string[] }> {
  let head = NO_HEAD
  let anchored = anchor === null || anchor.seq === 0
  const faults: string[] = []
  for (;;) {
    const [rows = []] = await connection.send(selectLinks(head.seq, PAGE))
    for (const { seq, auditId, hash, audited } of rows.map(toLinkedRow)) {
      if (seq !== head.seq + 1) faults.push(`chain: ${head.seq + 1} to ${seq - 1} are missing`)
      if (audited === null) faults.push(`audit row ${auditId} is gone; the chain has it at ${seq}`)
      else if (hashOf(key, { ...head, seq: seq - 1 }, audited) !== hash) {
        faults.push(`audit row ${auditId} or the chain before ${seq} is not what was written`)
      }
      head = { seq, hash }
      if (seq === anchor?.seq) anchored = hash === anchor.hash
    }
    if (rows.length < PAGE || faults.length >= MOST_FAULTS) break
  }
  if (!anchored && anchor !== null && faults.length < MOST_FAULTS) {
    faults.push(
      head.seq < anchor.seq
        ? `the chain ends at ${head.seq}; this home has seen it at ${anchor.seq}`
        : `the chain at ${anchor.seq} is not the one that this home has seen`,
    )
  }
  return { head, faults: faults.slice(0, MOST_FAULTS) }
}
