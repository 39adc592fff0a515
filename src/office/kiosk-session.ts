import { createHash, randomBytes } from 'node:crypto'
import {
  endEnrolment,
  insertCookie,
  type KioskRecord,
  lockKioskEnrolledBy,
  lockKioskOfCookie,
  revokeKiosk,
  toCookie,
  toKiosk,
  turnToCookie,
} from '../db/sql/kiosks.ts'
import { raiseAlert } from './alerts.ts'
import { digestOfEnrolment } from './kiosks.ts'
import { mayComeFrom } from './networks.ts'
import type { Office } from './office.ts'

const COOKIE_BYTES = 32
/** A cookie is replaced after a day. */
const ROTATED_AFTER_MS = 86_400_000

const newCookie = (): string => randomBytes(COOKIE_BYTES).toString('base64url')
const digestOf = (cookie: string): string => createHash('sha256').update(cookie).digest('hex')

type SessionOffice = Pick<Office, 'db' | 'clock' | 'nextId' | 'refreshRegistry'>

/** Makes a browser the price checker of a code: once, and in its networks. Null: whatever is wrong. */
export async function enrolKiosk(
  office: SessionOffice,
  { typed, address }: { readonly typed: string; readonly address: string },
): Promise<{ readonly cookie: string } | null> {
  const at = office.clock()
  const enrolled = await office.db.transaction(async (connection) => {
    const [[row] = []] = await connection.send(lockKioskEnrolledBy(digestOfEnrolment(typed), at))
    if (row === undefined) return null
    const { code, networks, state } = toKiosk(row)
    if (state !== 'active' || !mayComeFrom(networks, address)) return null
    const cookie = newCookie()
    await connection.send(endEnrolment(code))
    await connection.send(insertCookie(digestOf(cookie), code, 'current', at))
    return { cookie }
  })
  // The command line may have made its terminal a moment ago: its first question is to find it.
  if (enrolled !== null) await office.refreshRegistry()
  return enrolled
}

/** The price checker of a cookie. `cookie`: a new one, which replaces it once it has come back; null: it stays. */
export type KioskSession = { readonly kiosk: KioskRecord; readonly cookie: string | null }

/** Null: it is none, it comes from elsewhere, or it was replaced. One that was replaced and comes again was copied: revoked. */
export async function kioskOf(
  office: SessionOffice,
  { cookie, address }: { readonly cookie: string; readonly address: string },
): Promise<KioskSession | null> {
  const at = office.clock()
  const digest = digestOf(cookie)
  return office.db.transaction(async (connection) => {
    const [[row] = []] = await connection.send(lockKioskOfCookie(digest))
    if (row === undefined) return null
    const { cookie: state, madeAt, kiosk } = toCookie(row)
    if (kiosk.state !== 'active' || !mayComeFrom(kiosk.networks, address)) return null
    if (state === 'spent') {
      await connection.send(revokeKiosk(kiosk.code))
      await raiseAlert(connection, office, 'kiosk_cookie_reused', kiosk.code, at)
      return null
    }
    if (state === 'next') await connection.send(turnToCookie(digest, kiosk.code))
    if (at - madeAt < ROTATED_AFTER_MS) return { kiosk, cookie: null }
    const next = newCookie()
    await connection.send(insertCookie(digestOf(next), kiosk.code, 'next', at))
    return { kiosk, cookie: next }
  })
}
