import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditAnchor } from '../office/audit-verification.ts'
import type { DayCounters } from '../office/day-counters.ts'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import type { Refused } from '../office/refusal.ts'
import type { RefusedCalls } from '../office/refused-calls.ts'
import type { ReportPlaces } from '../office/reports/schedules.ts'
import type { Origin, Session } from '../office/sessions.ts'
import type { SignInDoor } from '../office/sign-in.ts'
import type { LiveUpstream } from '../office/upstreams.ts'
import type { Answer, Body, Params, Query, RouteName } from './api.ts'

/** The dependencies of AkartMenu. */
export type MenuParts = {
  readonly office: Office
  readonly door: SignInDoor
  readonly idleMs: number
  readonly counters: DayCounters
  /** The head of the audit's chain that was kept outside the database; null: none yet. */
  readonly auditAnchor: () => Promise<AuditAnchor | null>
  /** Connections of this process to other hosts. */
  readonly upstreams: () => readonly LiveUpstream[]
  /** Recent refusals to a web shop in this process. */
  readonly refusedCalls: RefusedCalls['of']
  /** Mail can be sent: its server is configured. */
  readonly mails: boolean
  /** Where scheduled reports may go. */
  readonly places: ReportPlaces
  /** How the browser reaches it, for links: `https://menu.example.com`. */
  readonly ownOrigin: (request: Pick<FastifyRequest, 'host' | 'protocol'>) => string
}

/** The cookie that carries a session's token. */
export type Cookies = {
  readonly set: (token: string) => void
  readonly clear: () => void
}

export type Language = 'en' | 'pl'

/** One request, checked: its schema holds, and so does the session where the route asks for one. */
export type Call<N extends RouteName> = {
  readonly parts: MenuParts
  readonly office: Office
  /** Null only on routes for everybody. */
  readonly session: Session | null
  /** The person; an actor without rights if nobody is signed in. */
  readonly actor: Actor
  readonly origin: Origin
  readonly ownOrigin: string
  readonly language: Language
  readonly cookies: Cookies
  readonly reply: FastifyReply
  /** Set once the client has disconnected. */
  readonly gone: AbortSignal
  readonly params: Params<N>
  readonly query: Query<N>
  readonly body: Body<N>
}

/** A stream is the answer itself: a file that is made while it is sent. */
export type Handler<N extends RouteName> = (call: Call<N>) => Promise<Answer<N> | Refused | Readable>
export type Handlers = { readonly [N in RouteName]: Handler<N> }
