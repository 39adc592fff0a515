import type { WorkerConnection } from '../db/connection.ts'
import {
  lockDueGrants,
  lockGrant,
  lockGrantByToken,
  selectDependence,
  selectWaitingGrants,
  toGrant,
  updateGrant,
  type GrantRow,
} from '../db/sql/grants.ts'
import { deleteSessionsOf } from '../db/sql/sessions.ts'
import { lockUser, toUser } from '../db/sql/users.ts'
import { isSamePerson, type Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import type { Mail, SendMail } from './mail.ts'
import { hasMoneyRight } from './person.ts'
import { passwordObjection } from './password-rules.ts'
import { refused, type Refused } from './refusal.ts'
import type { SignInDoor } from './sign-in.ts'
import { digestOfSpokenCode, digestOfToken, newSpokenCode } from './tokens.ts'
import { apply, applyGrant } from './users.ts'

const DAY_MS = 24 * 3_600_000
/** 75 random bits, which a person hands over beside the link. */
const CODE_GROUPS = 3
const DEPENDENCE_MS = 30 * DAY_MS
const TOKEN = /^[A-Za-z0-9_-]{43}$/u

/** Grants are shown to administrators, auditors and everybody with a right over money; each of them may refuse one. */
export const seesGrants = ({ rights }: Actor): boolean => hasMoneyRight(rights) || rights.has('audit.see')

export async function waitingGrants(office: Office, actor: Actor): Promise<GrantRow[]> {
  if (!seesGrants(actor)) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectWaitingGrants))
  return rows.map(toGrant)
}

/** A person whom somebody invited or reset within 30 days cannot be that person's second person; in a demo they can. */
export async function dependenceObjection(
  connection: WorkerConnection,
  office: Pick<Office, 'demo'>,
  actor: Actor,
  proposer: string,
  now: number,
): Promise<Refused | null> {
  if (office.demo) return null
  const [[found] = []] = await connection.send(selectDependence(actor.login, proposer, now - DEPENDENCE_MS))
  return found === undefined ? null : refused('not_second_person', { who: proposer })
}

export type GrantDecision = { readonly id: number; readonly approve: boolean; readonly reason: string }

/** A second administrator's decision. `code`: handed over to the person, who enters it with the link; shown once. */
export async function decideGrant(
  office: Office,
  actor: Actor,
  { id, approve, reason }: GrantDecision,
): Promise<{ readonly code: string | null } | Refused> {
  if (!seesGrants(actor)) return refused('right_missing', { right: 'users.edit' })
  const now = office.clock()
  return inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockGrant(id))
    if (row === undefined) return refused('no_such_approval', { id })
    const grant = toGrant(row)
    if (grant.state !== 'waiting') return refused('already_decided', { who: grant.decidedBy ?? grant.by })
    const decided = { decidedBy: actor.login, decidedAt: now, reason }
    if (!approve) {
      await connection.send(updateGrant(id, { state: 'refused', ...decided }))
      await recordStep(connection, office, actor, grant, 'grants.refuse', now, reason)
      return { code: null }
    }
    const objection = await approvalObjection(connection, office, actor, grant, now)
    if (objection !== null) return objection
    const code = hasLink(grant) ? newSpokenCode(CODE_GROUPS) : null
    await connection.send(
      updateGrant(id, {
        state: code === null ? 'done' : 'open',
        ...decided,
        ...(code === null ? {} : { code: digestOfSpokenCode(code), expiresAt: now + DAY_MS }),
      }),
    )
    await recordStep(connection, office, actor, grant, 'grants.approve', now, reason)
    if (code === null) await applyGrant(connection, office, actor, grant, now)
    return { code }
  })
}

async function approvalObjection(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { by, login }: GrantRow,
  now: number,
): Promise<Refused | null> {
  if (!actor.rights.has('users.edit')) return refused('right_missing', { right: 'users.edit' })
  if (isSamePerson(actor, by) || isSamePerson(actor, login)) return refused('own_request', { who: by })
  return dependenceObjection(connection, office, actor, by, now)
}

const hasLink = ({ what }: GrantRow): boolean => what === 'invitation' || what === 'password'

const recordStep = (
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  grant: GrantRow,
  action: string,
  at: number,
  reason: string,
) =>
  putOnRecord(connection, office, actor, at, {
    action,
    object: { kind: 'user', id: grant.login },
    details: { grant: grant.id, what: grant.what, by: grant.by, reason },
  })

const TIMER: Actor = { login: 'grants', name: 'grants', rights: new Map(), stores: 'all', channel: 'job' }

/**
 * With only one administrator, a grant takes effect after 24 hours. The code that a second one would hand over is
 * mailed to the person, if mail is set up and they have an address. Returns the persons concerned.
 */
export async function applyDueGrants(office: Office, send: SendMail | null = null): Promise<GrantRow[]> {
  const mails: Mail[] = []
  const due = await office.db.transaction(async (connection) => {
    mails.length = 0
    const now = office.clock()
    const [rows = []] = await connection.send(lockDueGrants(now))
    const grants = rows.map(toGrant)
    for (const grant of grants) {
      const state = hasLink(grant) ? 'open' : 'done'
      const mail = send !== null && hasLink(grant) ? await codeMail(connection, grant) : null
      if (mail !== null) mails.push(mail)
      const code = mail === null ? {} : { code: digestOfSpokenCode(mail.code) }
      await connection.send(updateGrant(grant.id, { state, expiresAt: now + DAY_MS, ...code }))
      await recordStep(connection, office, TIMER, grant, 'grants.effective', now, '')
      if (state === 'done') await applyGrant(connection, office, TIMER, grant, now)
    }
    return grants
  })
  for (const { to, subject, text } of mails)
    await send?.({ to, subject, text }).catch((error: unknown) => {
      office.log.error('a code could not be mailed: invite or reset the person again', { error })
    })
  return due
}

async function codeMail(connection: WorkerConnection, { login }: GrantRow): Promise<(Mail & { code: string }) | null> {
  const [[row] = []] = await connection.send(lockUser(login))
  const email = row === undefined ? null : toUser(row).email
  if (email === null) return null
  const code = newSpokenCode(CODE_GROUPS)
  const text =
    `Your code for AkartMenu: ${code}\nType it together with the link that you were given.\n\n` +
    `Twój kod do AkartMenu: ${code}\nPodaj go razem z otrzymanym odnośnikiem.\n`
  return { to: email, subject: 'AkartMenu: kod / code', text, code }
}

export type LinkView = { readonly login: string; readonly name: string; readonly needsCode: boolean }

export async function showLink(office: Office, token: string): Promise<LinkView | Refused> {
  return inTransaction(office, async (connection) => {
    const grant = await grantOf(connection, token, office.clock())
    if (grant === null) return refused('link_invalid')
    if (grant.state === 'waiting') return refused('link_waits')
    const [[row] = []] = await connection.send(lockUser(grant.login))
    if (row === undefined) return refused('link_invalid')
    return { login: grant.login, name: toUser(row).name, needsCode: grant.code !== null }
  })
}

async function grantOf(connection: WorkerConnection, token: string, now: number): Promise<GrantRow | null> {
  if (!TOKEN.test(token)) return null
  const [[row] = []] = await connection.send(lockGrantByToken(digestOfToken(token)))
  if (row === undefined) return null
  const grant = toGrant(row)
  const isOver = grant.state === 'done' || grant.state === 'refused' || (grant.expiresAt ?? 0) <= now
  return isOver ? null : grant
}

/** The person sets a password by the link; it works once. */
export async function acceptLink(
  office: Office,
  { passwords }: SignInDoor,
  { token, password, code }: { readonly token: string; readonly password: string; readonly code: string | null },
): Promise<{ readonly login: string } | Refused> {
  const link = await showLink(office, token)
  if ('refused' in link) return link
  const objection = passwordObjection(password, link.login)
  if (objection !== null) return objection
  const hash = await passwords.hash(password)
  if (hash === null) return refused('sign_in_busy')
  return inTransaction(office, async (connection) => {
    const now = office.clock()
    const grant = await grantOf(connection, token, now)
    if (grant === null || grant.state !== 'open') return refused('link_invalid')
    if (grant.code !== null && digestOfSpokenCode(code ?? '') !== grant.code) return refused('code_wrong')
    const [[row] = []] = await connection.send(lockUser(grant.login))
    if (row === undefined) return refused('link_invalid')
    const user = toUser(row)
    if (user.state === 'disabled') return refused('link_invalid')
    const self: Actor = { login: user.login, name: user.name, rights: new Map(), stores: new Set(), channel: 'menu' }
    await connection.send(`${updateGrant(grant.id, { state: 'done' })};${deleteSessionsOf(user.login)}`)
    await apply(connection, office, self, user, { password: hash, state: 'active' }, 'users.acceptLink', now)
    return { login: user.login }
  })
}
