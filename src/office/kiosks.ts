/** Price checkers: browsers in stores, enrolled by a one-time code. */

import { createHash, randomBytes } from 'node:crypto'
import { type KioskRecord, lockKiosk, revokeKiosk, saveKiosk, selectKiosks, toKiosk } from '../db/sql/kiosks.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { networksObjection } from './networks.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { addTerminal, changeTerminal } from './terminals.ts'

export type { KioskRecord }

const CODE = /^[A-Z0-9][A-Z0-9-]{0,7}$/u
/** Without letters that look like digits: 32 of them, so that each is five bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ENROLMENT_LETTERS = 12 // 60 bits
const ENROLMENT_MS = 10 * 60_000

/** SHA-256 in hex. Case, blanks and hyphens of a code that a person types do not matter. */
export const digestOfEnrolment = (typed: string): string =>
  createHash('sha256').update(typed.toUpperCase().replace(/[\s-]/gu, '')).digest('hex')

const newEnrolment = (): string =>
  Array.from(randomBytes(ENROLMENT_LETTERS), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')

/** A network that is too large to restrict a price checker: larger than the largest private one, 10.0.0.0/8. */
function isWide(network: string): boolean {
  const [address = '', bits] = network.split('/')
  return bits !== undefined && Number(bits) < (address.includes(':') ? 32 : 8)
}

export type NewKiosk = { readonly code: string; readonly store: string; readonly networks: readonly string[] }

/**
 * Adds a price checker to a store, or gives an existing one a new code. The browser in which the code is entered within
 * ten minutes becomes the price checker.
 */
export async function addKiosk(
  office: Office,
  actor: Actor,
  { code, store, networks }: NewKiosk,
): Promise<{ readonly kiosk: NewKiosk; readonly enrolment: string } | Refused> {
  const objection = mayDo(actor, 'terminals.edit')
  if (objection !== null) return objection
  if (!CODE.test(code)) return refused('kiosk_code_invalid', { kiosk: code })
  if (networks.length === 0 && !office.demo) return refused('kiosk_wants_networks')
  const against = networksObjection(networks)
  if (against !== null) return against
  const wide = office.demo ? undefined : networks.find(isWide)
  if (wide !== undefined) return refused('kiosk_network_wide', { network: wide })
  const there = office.registry().terminals.get(code)
  if (there !== undefined && (there.channel !== 'kiosk' || there.storeCode !== store)) {
    return refused('kiosk_code_taken', { kiosk: code, store })
  }
  const terminal = { code, store, confirmation: 'explicit', characterSet: 'ascii', language: 'store' } as const
  const ready =
    there === undefined
      ? await addTerminal(office, actor, { ...terminal, unauthenticated: false, kiosk: true })
      : await changeTerminal(office, actor, { terminal: code, change: { state: 'active' } })
  if (isRefused(ready)) return ready
  await office.refreshRegistry()
  const enrolment = newEnrolment()
  const at = office.clock()
  const digest = digestOfEnrolment(enrolment)
  return inTransaction(office, async (connection) => {
    await connection.send(saveKiosk({ code, store, networks, digest, until: at + ENROLMENT_MS }, at, actor.login))
    await putOnRecord(connection, office, actor, at, { action: 'kiosks.add', object: { kind: 'kiosk', id: code } })
    return { kiosk: { code, store, networks }, enrolment: (enrolment.match(/.{4}/gu) ?? []).join('-') }
  })
}

export async function listKiosks(office: Office, actor: Actor): Promise<readonly KioskRecord[] | Refused> {
  const objection = mayDo(actor, 'terminals.edit')
  if (objection !== null) return objection
  const [rows = []] = await office.db.use((connection) => connection.send(selectKiosks))
  return rows.map(toKiosk)
}

/** Removes a price checker: its browser is no longer served, and its terminal becomes inactive. */
export async function removeKiosk(
  office: Office,
  actor: Actor,
  { code }: { readonly code: string },
): Promise<KioskRecord | Refused> {
  const objection = mayDo(actor, 'terminals.edit')
  if (objection !== null) return objection
  const at = office.clock()
  const removed = await inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockKiosk(code))
    if (row === undefined) return refused('no_such_kiosk', { kiosk: code })
    await connection.send(revokeKiosk(code))
    await putOnRecord(connection, office, actor, at, { action: 'kiosks.remove', object: { kind: 'kiosk', id: code } })
    return toKiosk(row)
  })
  if (isRefused(removed)) return removed
  const off = await changeTerminal(office, actor, { terminal: code, change: { state: 'inactive' } })
  return isRefused(off) ? off : removed
}
