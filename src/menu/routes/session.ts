import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import { endOwnSession, endSession, listOwnSessions, sessionOf, type Session } from '../../office/sessions.ts'
import {
  beginEnrolment,
  changeOwnPassword,
  confirmEnrolment,
  enterCode,
  proveAgain,
  signIn,
} from '../../office/sign-in.ts'
import { acceptLink, showLink } from '../../office/grants.ts'
import { changeProfile, recoveryCodesLeft } from '../../office/profile.ts'
import type { Answer } from '../api.ts'
import type { Call, Handlers } from '../call.ts'
import { time, timeOrNull } from '../format.ts'
import { csrfOf } from '../server.ts'
import { homeOf } from '../home.ts'

type SessionRoutes = Pick<
  Handlers,
  | 'session.show'
  | 'session.signIn'
  | 'session.code'
  | 'session.enrol'
  | 'session.confirmEnrolment'
  | 'session.prove'
  | 'session.signOut'
  | 'invitation.show'
  | 'invitation.accept'
  | 'profile.show'
  | 'profile.change'
  | 'profile.password'
  | 'profile.endSession'
>

type AnyCall = Pick<Call<'session.show'>, 'parts' | 'office' | 'cookies'>
type SessionAnswer = Answer<'session.show'>

/** The session that `token` opens, for the app. */
async function told(call: AnyCall, token: string | null, known: Session | null = null): Promise<SessionAnswer> {
  const { office, parts } = call
  const session = known ?? (token === null ? null : await sessionOf(office, token, parts.idleMs))
  const common = { csrf: csrfOf(session === null ? null : token), demo: office.demo, timeZone: office.timeZone }
  if (session === null) return { ...common, state: 'signedOut', person: null }
  if (session.state !== 'signedIn') return { ...common, state: session.state, person: null }
  const { user, actor } = session
  const stores = [...(actor.stores === 'all' ? [] : actor.stores)]
  return {
    ...common,
    state: 'signedIn',
    person: {
      login: user.login,
      name: user.name,
      roles: [...user.roles],
      rights: Object.fromEntries(actor.rights),
      stores: stores.length === 0 ? null : stores.map((code) => ({ code, name: storeName(call, code) })),
      language: user.language,
      theme: user.theme,
      home: homeOf(user.roles),
      totp: user.totp !== null,
      provenUntil: timeOrNull(session.provenUntil),
      idleMinutes: Math.round(parts.idleMs / 60_000),
      endsAt: time(session.endsAt),
    },
  }
}

const storeName = ({ office }: AnyCall, code: string): string => office.registry().stores.get(code)?.name ?? code

/** A new token goes into the cookie: a session id from before signing in is never one afterwards. */
async function entered(call: AnyCall, result: { readonly token: string } | Refused): Promise<SessionAnswer | Refused> {
  if (isRefused(result)) return result
  call.cookies.set(result.token)
  return told(call, result.token)
}

const tokenOf = ({ reply }: Pick<Call<'session.show'>, 'reply'>): string | null =>
  reply.request.cookies['__Host-akart'] ?? reply.request.cookies['akart'] ?? null

export const sessionRoutes: SessionRoutes = {
  'session.show': (call) => told(call, tokenOf(call), call.session),
  async 'session.signIn'(call) {
    return entered(call, await signIn(call.office, call.parts.door, call.origin, call.body))
  },
  async 'session.code'(call) {
    const { session } = call
    if (session?.state !== 'code') return refused('not_signed_in')
    return entered(call, await enterCode(call.office, call.origin, session, call.body.code))
  },
  async 'session.enrol'({ office, session }) {
    if (session === null || session.state === 'code') return refused('not_signed_in')
    // A person at an unlocked screen must not be able to replace the second factor.
    if (session.state === 'signedIn' && !office.demo && session.provenUntil === null) return refused('proof_needed')
    const { secret, uri } = await beginEnrolment(office, session)
    const { toSVG } = await import('bwip-js')
    return { secret, uri, svg: toSVG({ bcid: 'qrcode', text: uri, scale: 4 }) }
  },
  async 'session.confirmEnrolment'(call) {
    const { session } = call
    if (session === null || session.state === 'code') return refused('not_signed_in')
    const result = await confirmEnrolment(call.office, call.origin, session, call.body.code)
    if (isRefused(result)) return result
    call.cookies.set(result.token)
    return { recoveryCodes: [...result.recoveryCodes] }
  },
  async 'session.prove'(call) {
    const { session, office, parts, origin, body } = call
    if (session === null) return refused('not_signed_in')
    return entered(call, await proveAgain(office, parts.door, origin, session, { code: null, ...body }))
  },
  async 'session.signOut'({ office, session, cookies }) {
    if (session !== null) await endSession(office, session)
    cookies.clear()
    return null
  },
  'invitation.show': ({ office, body }) => showLink(office, body.token),
  'invitation.accept': ({ office, parts, body }) => acceptLink(office, parts.door, { code: null, ...body }),

  async 'profile.show'({ office, parts, session, actor }) {
    if (session === null) return refused('not_signed_in')
    const { user } = session
    const sessions = await listOwnSessions(office, actor, parts.idleMs)
    return {
      login: user.login,
      name: user.name,
      email: user.email,
      language: user.language,
      theme: user.theme,
      totp: user.totp !== null,
      recoveryCodesLeft: await recoveryCodesLeft(office, actor),
      sessions: sessions.map(({ id, startedAt, seenAt, address, userAgent }) => ({
        id: String(id),
        startedAt: time(startedAt),
        lastSeenAt: time(seenAt),
        address,
        userAgent,
        current: id === session.id,
      })),
    }
  },
  async 'profile.change'({ office, actor, body }) {
    await changeProfile(office, actor, body)
    return {}
  },
  async 'profile.password'({ office, parts, session, origin, body }) {
    if (session === null) return refused('not_signed_in')
    const result = await changeOwnPassword(office, parts.door, origin, session, body)
    return isRefused(result) ? result : {}
  },
  async 'profile.endSession'({ office, actor, params }) {
    await endOwnSession(office, actor, Number(params.id))
    return null
  },
}
