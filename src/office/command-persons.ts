import {
  deleteMap,
  lockWaitingMap,
  putMap,
  selectHasUsers,
  selectMapped,
  selectWaitingMaps,
  startMap,
  toWaitingMap,
  type WaitingMap,
} from '../db/sql/user-maps.ts'
import { selectUser, toUser } from '../db/sql/users.ts'
import { raiseAlert } from './alerts.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { dependenceObjection, seesGrants } from './grants.ts'
import { inTransaction, type Office } from './office.ts'
import { actorOf, hasMoneyRight, readRoles } from './person.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { RIGHT_NAMES } from './rights-table.ts'
import { ALL_RIGHTS } from './rights.ts'
import { endSession, sessionOf } from './sessions.ts'
import { enterCode, signIn, type SignInDoor } from './sign-in.ts'

/** The user who runs a command, as the kernel reports it; never from the environment. */
export type OperatingSystemUser = { readonly uid: number; readonly name: string }

const HOUR_MS = 3_600_000

/** All rights except approvals: for operating-system users who are mapped to no login. */
const NO_APPROVALS: Actor['rights'] = new Map(
  RIGHT_NAMES.filter((right) => !/\.(?:approve|authorise)$/u.test(right) && right !== 'settlement.close').map(
    (right) => [right, 'all'],
  ),
)

/**
 * The actor of a command. In an installation without users, and in a demo: `said`, with all rights. Otherwise the
 * operating-system user: as the mapped person with the rights of that login, or unmapped, without approvals
 * (docs/spec/menu.md, section 1).
 */
export async function commandActor(
  office: Pick<Office, 'db' | 'demo' | 'clock'>,
  said: string,
  { uid, name }: OperatingSystemUser,
): Promise<Actor> {
  const everything: Actor = { login: said, name: said, rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }
  if (office.demo) return { ...everything, nobodyElse: true }
  return office.db.use(async (connection) => {
    const [[any] = [], [mapped] = []] = await connection.send(`${selectHasUsers};${selectMapped(uid, office.clock())}`)
    if (Number(any?.[0]) === 0) return { ...everything, nobodyElse: true }
    if (mapped === undefined) return { ...everything, login: name, name, rights: NO_APPROVALS }
    const [[user] = []] = await connection.send(selectUser(String(mapped[0])))
    if (user === undefined) return { ...everything, login: name, name, rights: NO_APPROVALS }
    return actorOf(toUser(user), await readRoles(connection), 'cli')
  })
}

export type MapInput = {
  readonly login: string
  readonly password: string
  readonly code: string | null
  readonly who: OperatingSystemUser
  /** The owner of the installation's files. */
  readonly serviceUid: number
}

/**
 * From now on, or after 24 hours where the login has a right over money, commands of this operating-system user are that
 * person's. Asks for the login's password and code as signing in does, with the same waits.
 */
export async function mapUser(
  office: Office,
  door: SignInDoor,
  { login, password, code, who, serviceUid }: MapInput,
): Promise<{ readonly effectiveAt: number } | Refused> {
  if (who.uid === 0 || who.uid === serviceUid) return refused('map_shared_account', { name: who.name })
  const session = await signedIn(office, door, { login, password, code })
  if (isRefused(session)) return session
  await endSession(office, session)
  const at = office.clock()
  const effectiveAt = !office.demo && hasMoneyRight(session.actor.rights) ? at + 24 * HOUR_MS : at
  await office.db.transaction(async (connection) => {
    await connection.send(putMap(who.uid, login, at, effectiveAt))
    await putOnRecord(connection, office, { ...session.actor, channel: 'cli' }, at, {
      action: 'users.map',
      object: { kind: 'user', id: login },
      details: { uid: who.uid, operatingSystemUser: who.name },
    })
    await raiseAlert(connection, office, 'user_mapped', login, at)
  })
  return { effectiveAt }
}

/** Mappings that have not taken effect, shown to those who see waiting grants. */
export async function waitingMaps(office: Office, actor: Actor): Promise<WaitingMap[]> {
  if (!seesGrants(actor)) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectWaitingMaps(office.clock())))
  return rows.map(toWaitingMap)
}

/** A second administrator makes it effective at once; everybody who sees it may refuse it. */
export async function decideMap(
  office: Office,
  actor: Actor,
  { id: uid, approve, reason }: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<{ readonly code: null } | Refused> {
  if (!seesGrants(actor) || (approve && !actor.rights.has('users.edit'))) {
    return refused('right_missing', { right: 'users.edit' })
  }
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockWaitingMap(uid, at))
    if (row === undefined) return refused('no_such_approval', { id: uid })
    const { login } = toWaitingMap(row)
    if (approve && isSamePerson(actor, login)) return refused('own_request', { who: login })
    const dependent = approve ? await dependenceObjection(connection, office, actor, login, at) : null
    if (dependent !== null) return dependent
    await connection.send(approve ? startMap(uid, at) : deleteMap(uid))
    await putOnRecord(connection, office, actor, at, {
      action: approve ? 'users.map.approve' : 'users.map.refuse',
      object: { kind: 'user', id: login },
      details: { uid, reason },
    })
    return { code: null }
  })
}

const FROM = { address: '127.0.0.1', userAgent: 'akart user map' }
const IDLE_MS = 60_000

async function signedIn(
  office: Office,
  door: SignInDoor,
  { login, password, code }: Pick<MapInput, 'login' | 'password' | 'code'>,
) {
  const first = await signIn(office, door, FROM, { login, password })
  if (isRefused(first)) return first
  const session = await sessionOf(office, first.token, IDLE_MS)
  if (session === null) return refused('sign_in_failed')
  if (session.state === 'signedIn') return session
  if (session.state === 'enrolment') return refused('map_not_enrolled', { login })
  const second = await enterCode(office, FROM, session, code ?? '')
  if (isRefused(second)) return second
  return (await sessionOf(office, second.token, IDLE_MS)) ?? refused('sign_in_failed')
}
