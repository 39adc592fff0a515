import type { WorkerConnection } from '../db/connection.ts'
import { deleteSession, deleteSessionsOf, proveSession, setEnrolling, type SessionState } from '../db/sql/sessions.ts'
import {
  insertRecoveryCodes,
  lockRecoveryCode,
  lockUser,
  selectUser,
  toUser,
  updateUser,
  useRecoveryCode,
  type UserRow,
} from '../db/sql/users.ts'
import { raiseAlert } from './alerts.ts'
import type { Actor } from './actor.ts'
import { writeAudit } from '../db/audit.ts'
import type { Office } from './office.ts'
import { actorOf, needsTotp, readRoles } from './person.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { passwordObjection } from './password-rules.ts'
import { refused, type Refused } from './refusal.ts'
import { beginSession, type Origin, type Session } from './sessions.ts'
import { countWrong, forgetWrong, waitOf } from './sign-in-tries.ts'
import { digestOfSpokenCode, digestOfToken, newSpokenCode, newToken } from './tokens.ts'
import { newTotpSecret, openTotp, sealTotp, stepOfCode, totpUri } from './totp.ts'

/** What signing in needs besides the office. */
export type SignInDoor = {
  readonly passwords: PasswordHasher
  /** AkartMenu is reachable from other machines: everybody needs a one-time code, whatever their role. */
  readonly exposed: boolean
}

export type SignedIn = { readonly token: string; readonly state: SessionState }

const RECOVERY_CODES = 10
/** 125 random bits: a plain hash of one is as good as any (ASVS 6.5.2). */
const RECOVERY_GROUPS = 5

const LOGIN = /^[\x21-\x7e]{1,40}$/u
/** Recorded in place of an invalid login in counters and the audit, because it may be a password in the wrong field. */
const NO_LOGIN = '?'

/** First step: login and password. Wrong, unknown and disabled are answered alike, after the same work. */
export async function signIn(
  office: Office,
  door: SignInDoor,
  origin: Origin,
  { login: typed, password }: { readonly login: string; readonly password: string },
): Promise<SignedIn | Refused> {
  const now = office.clock()
  const login = LOGIN.test(typed) ? typed : NO_LOGIN
  const wait = await office.db.use((connection) => waitOf(connection, login, origin.address, now))
  if (wait > 0) return refused('sign_in_wait', { seconds: Math.ceil(wait / 1000) })
  const user = await findUser(office, login)
  const isRight = await door.passwords.verify(user?.state === 'active' ? user.password : null, password)
  if (isRight === null) return refused('sign_in_busy')
  if (!isRight || user === null) return failed(office, login, origin, now, 'password')
  return office.db.transaction(async (connection) => {
    const { rights } = actorOf(user, await readRoles(connection), 'menu')
    const wantsCode = door.exposed || (!office.demo && needsTotp(rights))
    const state = user.totp !== null ? 'code' : wantsCode ? 'enrolment' : 'signedIn'
    if (state === 'signedIn') await entered(connection, office, user, origin, now)
    return { token: await beginSession(connection, office, user.login, state, origin, now), state }
  })
}

/** Second step: a code, or a recovery code. The session gets a new id. */
export async function enterCode(
  office: Office,
  origin: Origin,
  session: Session,
  code: string,
): Promise<SignedIn | Refused> {
  const now = office.clock()
  const { login } = session
  const wait = await office.db.use((connection) => waitOf(connection, login, origin.address, now))
  if (wait > 0) return refused('sign_in_wait', { seconds: Math.ceil(wait / 1000) })
  const result = await office.db.transaction(async (connection): Promise<SignedIn | null> => {
    const user = await lockedUser(connection, login)
    if (user === null || !(await takeCode(connection, office, user, code, now))) return null
    await connection.send(deleteSession(session.id))
    await entered(connection, office, user, origin, now)
    return { token: await beginSession(connection, office, login, 'signedIn', origin, now), state: 'signedIn' }
  })
  return result ?? failed(office, login, origin, now, 'code')
}

/** Begins the enrolment of one-time codes; the secret is valid once a code of it was entered. */
export async function beginEnrolment(office: Office, session: Session): Promise<{ secret: string; uri: string }> {
  const secret = newTotpSecret()
  await office.db.use((connection) =>
    connection.send(setEnrolling(session.id, sealTotp(office.keys(), session.login, secret))),
  )
  return { secret, uri: totpUri(session.login, secret) }
}

export type Enrolled = SignedIn & { readonly recoveryCodes: readonly string[] }

/** The first code proves that the secret arrived; ten recovery codes are shown once. Other sessions of the person end. */
export async function confirmEnrolment(
  office: Office,
  origin: Origin,
  session: Session,
  code: string,
): Promise<Enrolled | Refused> {
  const now = office.clock()
  if (session.enrolling === null) return refused('not_enrolling')
  const secret = openTotp(office.keys(), session.login, session.enrolling)
  const step = stepOfCode(secret, code, now, 0)
  if (step === null) return refused('code_wrong')
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => newSpokenCode(RECOVERY_GROUPS))
  return office.db.transaction(async (connection) => {
    const user = await lockedUser(connection, session.login)
    if (user === null) return refused('not_signed_in')
    if (user.totp !== null && session.state === 'enrolment') return refused('not_enrolling')
    await connection.send(
      `${updateUser(user.login, { totp: sealTotp(office.keys(), user.login, secret), totpStep: step })};
       ${insertRecoveryCodes(user.login, recoveryCodes.map(digestOfSpokenCode))};
       ${deleteSessionsOf(user.login)}`,
    )
    await onRecord(connection, office, user.login, now, 'session.enrol', 'done', origin)
    if (session.state !== 'signedIn') await entered(connection, office, user, origin, now)
    const token = await beginSession(connection, office, user.login, 'signedIn', origin, now)
    return { token, state: 'signedIn' as const, recoveryCodes }
  })
}

/** Proves again who is here, for what is marked ◆◆. The session goes on under a new token. */
export async function proveAgain(
  office: Office,
  door: SignInDoor,
  origin: Origin,
  session: Session,
  { password, code }: { readonly password: string; readonly code: string | null },
): Promise<SignedIn | Refused> {
  const now = office.clock()
  const { login } = session
  const wait = await office.db.use((connection) => waitOf(connection, login, origin.address, now))
  if (wait > 0) return refused('sign_in_wait', { seconds: Math.ceil(wait / 1000) })
  const isRight = await door.passwords.verify(session.user.password, password)
  if (isRight === null) return refused('sign_in_busy')
  const proven = await office.db.transaction(async (connection) => {
    const user = await lockedUser(connection, login)
    const passes =
      isRight && user !== null && (user.totp === null || (await takeCode(connection, office, user, code ?? '', now)))
    if (!passes) return null
    const token = newToken()
    await connection.send(proveSession(session.id, digestOfToken(token), now))
    await forgetWrong(connection, login, origin.address)
    await onRecord(connection, office, login, now, 'session.prove', 'done', origin)
    return { token, state: session.state }
  })
  return proven ?? failed(office, login, origin, now, 'proof')
}

/** A person changes their own password; their other sessions end. */
export async function changeOwnPassword(
  office: Office,
  door: SignInDoor,
  origin: Origin,
  session: Session,
  { current, wanted }: { readonly current: string; readonly wanted: string },
): Promise<{ readonly login: string } | Refused> {
  const { login } = session
  const objection = passwordObjection(wanted, login)
  if (objection !== null) return objection
  const now = office.clock()
  const wait = await office.db.use((connection) => waitOf(connection, login, origin.address, now))
  if (wait > 0) return refused('sign_in_wait', { seconds: Math.ceil(wait / 1000) })
  const isRight = await door.passwords.verify(session.user.password, current)
  if (isRight === null) return refused('sign_in_busy')
  if (!isRight) return failed(office, login, origin, now, 'password')
  const password = await door.passwords.hash(wanted)
  if (password === null) return refused('sign_in_busy')
  await office.db.transaction(async (connection) => {
    await connection.send(`${updateUser(login, { password })};${deleteSessionsOf(login, session.id)}`)
    await onRecord(connection, office, login, now, 'profile.password', 'done', origin)
  })
  return { login }
}

async function findUser(office: Office, login: string): Promise<UserRow | null> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectUser(login)))
  return row === undefined ? null : toUser(row)
}

async function lockedUser(connection: WorkerConnection, login: string): Promise<UserRow | null> {
  const [[row] = []] = await connection.send(lockUser(login))
  const user = row === undefined ? null : toUser(row)
  return user?.state === 'active' ? user : null
}

/** Whether the code is right; it is used up then. The use of a recovery code is recorded and shown to the person. */
async function takeCode(
  connection: WorkerConnection,
  office: Office,
  user: UserRow,
  code: string,
  now: number,
): Promise<boolean> {
  if (user.totp === null) return false
  const step = stepOfCode(openTotp(office.keys(), user.login, user.totp), code.replaceAll(' ', ''), now, user.totpStep)
  if (step !== null) {
    await connection.send(updateUser(user.login, { totpStep: step }))
    return true
  }
  const digest = digestOfSpokenCode(code)
  const [[row] = []] = await connection.send(lockRecoveryCode(user.login, digest))
  if (row === undefined || row[0] !== null) return false
  await connection.send(useRecoveryCode(user.login, digest, now))
  await onRecord(connection, office, user.login, now, 'session.recoveryCode', 'done', null)
  await raiseAlert(connection, office, 'recovery_code_used', user.login, now)
  return true
}

async function entered(
  connection: WorkerConnection,
  office: Office,
  user: UserRow,
  origin: Origin,
  now: number,
): Promise<void> {
  await forgetWrong(connection, user.login, origin.address)
  await connection.send(updateUser(user.login, { lastSignIn: now }))
  await onRecord(connection, office, user.login, now, 'session.signIn', 'done', origin)
}

/** All failures get the same text; the audit records the failed step. */
async function failed(office: Office, login: string, origin: Origin, now: number, step: string): Promise<Refused> {
  await office.db.transaction(async (connection) => {
    await countWrong(connection, login, origin.address, now)
    await onRecord(connection, office, login, now, 'session.signIn', 'sign_in_failed', origin, step)
  })
  return refused('sign_in_failed')
}

const onRecord = (
  connection: WorkerConnection,
  office: Office,
  login: Actor['login'],
  at: number,
  action: string,
  outcome: string,
  origin: Origin | null,
  step: string | null = null,
): Promise<void> =>
  writeAudit(connection, {
    id: office.nextId(),
    at,
    who: login,
    channel: 'menu',
    action,
    object: { kind: 'user', id: login },
    store: null,
    outcome,
    details: { ...(origin === null ? {} : { address: origin.address }), ...(step === null ? {} : { step }) },
  })
