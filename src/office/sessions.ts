import type { WorkerConnection } from '../db/connection.ts'
import {
  deleteEnded,
  deleteOldTries,
  deleteSession,
  deleteSessionOf,
  deleteSessionsOf,
  insertSession,
  selectSession,
  selectSessionsOf,
  toSession,
  touchSession,
  type SessionRow,
  type SessionState,
} from '../db/sql/sessions.ts'
import { selectPresented } from '../db/sql/session-handles.ts'
import { selectUser, toUser, type UserRow } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { actorOf, readRoles } from './person.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { RIGHTS, type Right } from './rights-table.ts'
import { digestOfToken, newToken } from './tokens.ts'

const LONGEST_MS = 12 * 3_600_000
/** For a code, or the enrolment of codes, after the password. */
const UNFINISHED_MS = 10 * 60_000
const PROOF_MS = 5 * 60_000
/** How often a session's last use is written: not with each request. */
const TOUCH_MS = 15_000
const USER_AGENT = 200

/** A session: its person, its state, and the person's present rights. */
export type Session = SessionRow & {
  readonly user: UserRow
  readonly actor: Actor
  /** Until when acts marked ◆◆ need no new proof of identity, ms; null: they need one now. */
  readonly provenUntil: number | null
}

/** Where a request came from. */
export type Origin = { readonly address: string; readonly userAgent: string }

export async function beginSession(
  connection: WorkerConnection,
  office: Pick<Office, 'nextId'>,
  login: string,
  state: SessionState,
  { address, userAgent }: Origin,
  now: number,
): Promise<string> {
  const token = newToken()
  await connection.send(
    insertSession(digestOfToken(token), {
      id: office.nextId(),
      login,
      state,
      startedAt: now,
      seenAt: now,
      endsAt: now + (state === 'signedIn' ? LONGEST_MS : UNFINISHED_MS),
      provenAt: state === 'signedIn' ? now : null,
      address,
      userAgent: userAgent.slice(0, USER_AGENT),
      enrolling: null,
    }),
  )
  return token
}

/**
 * The session of a cookie; null if the cookie is invalid, the session has ended or timed out, or its person may no longer sign in.
 * @param unusedMs for how long nobody has used the browser that asks: its own questions keep no session open
 */
export async function sessionOf(office: Office, token: string, idleMs: number, unusedMs = 0): Promise<Session | null> {
  const now = office.clock()
  const usedAt = now - unusedMs
  return office.db.use(async (connection) => {
    const [[row] = []] = await connection.send(selectSession(digestOfToken(token)))
    if (row === undefined) return null
    const session = toSession(row)
    if (session.endsAt <= now || session.seenAt + idleMs <= now) {
      await connection.send(deleteSession(session.id))
      return null
    }
    const [[found] = []] = await connection.send(selectUser(session.login))
    const user = found === undefined ? null : toUser(found)
    if (user === null || user.state !== 'active') return null
    if (usedAt - session.seenAt >= Math.min(TOUCH_MS, idleMs / 20))
      await connection.send(touchSession(session.id, usedAt))
    const [shown = []] = await connection.send(selectPresented(session.id))
    const presented = new Map(shown.map(([id, withSecret]) => [Number(id), withSecret === 1]))
    const actor = { ...actorOf(user, await readRoles(connection), 'menu'), presented }
    const provenUntil =
      session.provenAt === null || session.provenAt + PROOF_MS <= now ? null : session.provenAt + PROOF_MS
    return { ...session, user, actor, provenUntil }
  })
}

/** Acts marked ◆◆ need a proof of identity from the last five minutes; in a demo they need none. */
export const proofObjection = (office: Office, session: Session, rights: readonly Right[]): Refused | null => {
  const asks = rights.some((right) => session.actor.rights.has(right) && RIGHTS[right].care === 'reauth')
  return asks && !office.demo && session.provenUntil === null ? refused('proof_needed') : null
}

export async function endSession(office: Office, session: Session): Promise<void> {
  await office.db.transaction(async (connection) => {
    await connection.send(deleteSession(session.id))
    await putOnRecord(connection, office, session.actor, office.clock(), signedOut(session.login))
  })
}

const signedOut = (login: string) => ({ action: 'session.end', object: { kind: 'user', id: login } })

/** The person's own sessions, the latest first. */
export async function listOwnSessions(office: Office, actor: Actor, idleMs: number): Promise<SessionRow[]> {
  const now = office.clock()
  const [rows = []] = await office.db.use((connection) => connection.send(selectSessionsOf(actor.login)))
  return rows.map(toSession).filter(({ endsAt, seenAt }) => endsAt > now && seenAt + idleMs > now)
}

export async function endOwnSession(office: Office, actor: Actor, id: number): Promise<void> {
  await office.db.transaction(async (connection) => {
    await connection.send(deleteSessionOf(actor.login, id))
    await putOnRecord(connection, office, actor, office.clock(), signedOut(actor.login))
  })
}

/** An administrator ends a person's sessions. */
export async function endSessionsOf(
  office: Office,
  actor: Actor,
  { login }: { readonly login: string },
): Promise<{ readonly login: string } | Refused> {
  const objection = mayDo(actor, 'sessions.end')
  if (objection !== null) return objection
  return inTransaction(office, async (connection) => {
    const [[found] = []] = await connection.send(selectUser(login))
    if (found === undefined) return refused('no_such_user', { login })
    await connection.send(deleteSessionsOf(login))
    await putOnRecord(connection, office, actor, office.clock(), signedOut(login))
    return { login }
  })
}

/** Deletes ended sessions; called by a job every few minutes. */
export const forgetEndedSessions = async (office: Pick<Office, 'db' | 'clock'>): Promise<void> => {
  const now = office.clock()
  await office.db.use((connection) => connection.send(`${deleteEnded(now)};${deleteOldTries(now - 24 * 3_600_000)}`))
}
