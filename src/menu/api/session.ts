import { Type } from 'typebox'
import { RIGHT_NAMES, ROLES } from '../../office/rights-table.ts'
import type { Route } from './route.ts'
import { ApprovalId, Code, Day, Id, Login, members, Named, None, oneOf, opt, orNull, Time } from './values.ts'

const Language = oneOf(['en', 'pl'])
const Theme = oneOf(['auto', 'light', 'dark'])
const Password = Type.String({ minLength: 1, maxLength: 200 })
/** Six digits of the authenticator, or a recovery code. */
const OneTimeCode = Type.String({ minLength: 6, maxLength: 40 })

const Rights = Type.Partial(
  Type.Object(
    Object.fromEntries(RIGHT_NAMES.map((right) => [right, oneOf(['all', 'own'])])) as Record<
      (typeof RIGHT_NAMES)[number],
      ReturnType<typeof oneOf<['all', 'own']>>
    >,
  ),
)

/**
 * The state of the session. `signedOut`; `code`: the password was right, a one-time code is needed; `enrolment`: the
 * role needs codes and the person has none yet; `signedIn`.
 */
const Session = members({
  state: oneOf(['signedOut', 'code', 'enrolment', 'signedIn']),
  /** To be sent back as header `X-CSRF-Token` with every request that is not GET. */
  csrf: Type.String(),
  demo: Type.Boolean(),
  /** The installation's zone, for what concerns no store. */
  timeZone: Type.String(),
  person: orNull(
    members({
      login: Type.String(),
      name: Type.String(),
      roles: Type.Array(Type.String()),
      rights: Rights,
      /** Own stores; null: all. */
      stores: orNull(Type.Array(Named)),
      language: orNull(Language),
      theme: Theme,
      /** The main page of the role, to which `/` leads. */
      home: Type.String(),
      totp: Type.Boolean(),
      /** Until when acts marked ◆◆ need no new authentication; null: they do. */
      provenUntil: orNull(Time),
      idleMinutes: Type.Integer(),
      endsAt: Time,
    }),
  ),
})

const Enrolment = members({
  /** Base32, to type; `uri` is otpauth://…; `svg` its QR picture. */
  secret: Type.String(),
  uri: Type.String(),
  svg: Type.String(),
})
const RecoveryCodes = members({ recoveryCodes: Type.Array(Type.String()) })

export const SESSION = {
  'session.show': { method: 'GET', path: '/api/session', access: 'anyone', answer: Session },
  'session.signIn': {
    method: 'POST',
    path: '/api/session',
    access: 'anyone',
    body: members({ login: Type.String({ minLength: 1, maxLength: 40 }), password: Password }),
    answer: Session,
  },
  'session.code': {
    method: 'POST',
    path: '/api/session/code',
    access: 'anyone',
    body: members({ code: OneTimeCode }),
    answer: Session,
  },
  /**
   * In state `enrolment`, or signed in: a fresh secret, in force once a code of it was shown. Whoever is signed in has proven
   * who they are within five minutes; on a demo nobody has to.
   */
  'session.enrol': { method: 'POST', path: '/api/session/enrolment', access: 'anyone', body: None, answer: Enrolment },
  'session.confirmEnrolment': {
    method: 'POST',
    path: '/api/session/enrolment/confirmation',
    access: 'anyone',
    body: members({ code: OneTimeCode }),
    answer: RecoveryCodes,
  },
  /** Authenticates again for five minutes. `code` if the person uses codes. */
  'session.prove': {
    method: 'POST',
    path: '/api/session/proof',
    access: 'signedIn',
    body: members({ password: Password, code: opt(OneTimeCode) }),
    answer: Session,
  },
  'session.signOut': { method: 'DELETE', path: '/api/session', access: 'anyone', answer: null },
  /** A one-time link of 24 h: `/invitation#TOKEN`. */
  'invitation.show': {
    method: 'POST',
    path: '/api/invitation',
    access: 'anyone',
    body: members({ token: Type.String({ maxLength: 64 }) }),
    answer: members({
      login: Type.String(),
      name: Type.String(),
      /** A second administrator has the code that is asked for besides. */
      needsCode: Type.Boolean(),
    }),
  },
  /** Sets the password; the person then signs in. */
  'invitation.accept': {
    method: 'POST',
    path: '/api/invitation/acceptance',
    access: 'anyone',
    body: members({
      token: Type.String({ maxLength: 64 }),
      password: Password,
      code: opt(Type.String({ maxLength: 24 })),
    }),
    answer: members({ login: Type.String() }),
  },
} as const satisfies Record<string, Route>

const OpenSession = members({
  id: Id,
  startedAt: Time,
  lastSeenAt: Time,
  address: Type.String(),
  userAgent: Type.String(),
  current: Type.Boolean(),
})

export const PROFILE = {
  'profile.show': {
    method: 'GET',
    path: '/api/profile',
    access: 'signedIn',
    answer: members({
      login: Type.String(),
      name: Type.String(),
      email: orNull(Type.String()),
      language: orNull(Language),
      theme: Theme,
      totp: Type.Boolean(),
      recoveryCodesLeft: Type.Integer(),
      sessions: Type.Array(OpenSession),
    }),
  },
  'profile.change': {
    method: 'PATCH',
    path: '/api/profile',
    access: 'signedIn',
    body: members({ language: opt(orNull(Language)), theme: opt(Theme) }),
    answer: None,
  },
  /** Ends every session of the person but this one. */
  'profile.password': {
    method: 'POST',
    path: '/api/profile/password',
    access: 'signedIn',
    body: members({ current: Password, wanted: Password }),
    answer: None,
  },
  'profile.endSession': {
    method: 'DELETE',
    path: '/api/profile/sessions/:id',
    proof: 'always',
    access: 'signedIn',
    params: members({ id: Id }),
    answer: null,
  },
} as const satisfies Record<string, Route>

const Grant = members({
  id: Id,
  what: oneOf(['invitation', 'roles', 'password', 'totp']),
  roles: Type.Array(Type.String()),
  by: Type.String(),
  at: Time,
  /** When it takes effect without a second administrator; null: it needs one. */
  effectiveAt: orNull(Time),
})

const User = members({
  login: Login,
  name: Type.String(),
  email: orNull(Type.String()),
  state: oneOf(['invited', 'active', 'disabled']),
  roles: Type.Array(Type.String()),
  stores: Type.Array(Type.String()),
  totp: Type.Boolean(),
  lastSignInAt: orNull(Time),
  openSessions: Type.Integer(),
  /** Grants that wait for a second administrator or for 24 h to pass. */
  waiting: Type.Array(Grant),
})

/** The link is shown once; null where it waits for a second administrator first. */
const Invitation = members({
  login: Login,
  link: orNull(Type.String()),
  expiresAt: Time,
  approval: orNull(ApprovalId),
})
const ofLogin = members({ login: Login })
const Roles = Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 12 })
const Stores = Type.Array(Code, { maxItems: 500 })

const RightName = oneOf(RIGHT_NAMES)
const Reached = oneOf(['all', 'own'])
const RoleCode = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{1,39}$' })
const RoleName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const RoleRights = Type.Array(members({ right: Type.String({ maxLength: 40 }), reach: Reached }), {
  minItems: 1,
  maxItems: 100,
})

export const USERS = {
  'users.list': {
    method: 'GET',
    path: '/api/users',
    access: ['users.edit', 'audit.see'],
    answer: members({ items: Type.Array(User) }),
  },
  'users.invite': {
    method: 'POST',
    path: '/api/users',
    proof: 'byRight',
    access: ['users.edit'],
    body: members({
      login: Login,
      name: Type.String({ minLength: 1, maxLength: 100 }),
      email: opt(orNull(Type.String({ maxLength: 200, pattern: '^[^\\s@]+@[^\\s@]+$' }))),
      roles: Roles,
      stores: Stores,
    }),
    answer: Invitation,
  },
  /** `done` where it is in force at once; else a second administrator approves (or 24 h pass, where there is only one). */
  'users.change': {
    method: 'PATCH',
    path: '/api/users/:login',
    proof: 'byRight',
    access: ['users.edit'],
    params: ofLogin,
    body: members({ roles: opt(Roles), stores: opt(Stores) }),
    answer: members({ done: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  'users.disable': {
    method: 'POST',
    path: '/api/users/:login/disabling',
    proof: 'byRight',
    access: ['users.edit'],
    params: ofLogin,
    body: None,
    answer: None,
  },
  'users.enable': {
    method: 'POST',
    path: '/api/users/:login/enabling',
    proof: 'byRight',
    access: ['users.edit'],
    params: ofLogin,
    body: None,
    answer: members({ done: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  'users.reset': {
    method: 'POST',
    path: '/api/users/:login/reset',
    proof: 'byRight',
    access: ['users.edit'],
    params: ofLogin,
    body: members({ what: oneOf(['password', 'totp']) }),
    answer: Invitation,
  },
  'users.endSessions': {
    method: 'DELETE',
    path: '/api/users/:login/sessions',
    access: ['sessions.end'],
    params: ofLogin,
    answer: null,
  },
  /** The rights of all persons on a day. */
  'users.rights': {
    method: 'GET',
    path: '/api/rights',
    access: ['users.edit', 'audit.see'],
    query: members({ on: opt(Day) }),
    answer: members({
      on: Type.String(),
      people: Type.Array(
        members({
          login: Type.String(),
          roles: Type.Array(Type.String()),
          stores: Type.Array(Type.String()),
          rights: Type.Array(members({ right: Type.String(), reach: oneOf(['all', 'own']) })),
        }),
      ),
    }),
  },
  /** `done` where it is in force at once; else a second administrator approves (or 24 h pass, where there is only one). */
  'roles.make': {
    method: 'POST',
    path: '/api/roles',
    proof: 'byRight',
    access: ['users.edit'],
    body: members({ code: RoleCode, name: RoleName, rights: RoleRights }),
    answer: members({ done: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  'roles.change': {
    method: 'PATCH',
    path: '/api/roles/:code',
    proof: 'byRight',
    access: ['users.edit'],
    params: members({ code: RoleCode }),
    body: members({ name: opt(RoleName), rights: opt(RoleRights) }),
    answer: members({ done: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  /** Nobody may have it. */
  'roles.remove': {
    method: 'DELETE',
    path: '/api/roles/:code',
    proof: 'byRight',
    access: ['users.edit'],
    params: members({ code: RoleCode }),
    answer: null,
  },
  'roles.list': {
    method: 'GET',
    path: '/api/roles',
    access: 'signedIn',
    answer: members({
      standard: Type.Array(oneOf(ROLES)),
      own: Type.Array(
        members({ code: Code, name: Type.String(), rights: Type.Array(members({ right: RightName, reach: Reached })) }),
      ),
      /** Changes that wait for a second administrator or for 24 h; only for persons who may refuse them. */
      waiting: Type.Array(
        members({
          id: ApprovalId,
          code: Code,
          name: Type.String(),
          by: Type.String(),
          at: Time,
          effectiveAt: orNull(Time),
        }),
      ),
      /** Every right with how careful the door is: `reauth` is ◆◆, `totp` ◆. */
      rights: Type.Array(
        members({
          right: RightName,
          care: oneOf(['none', 'totp', 'reauth']),
          roles: Type.Array(Type.String()),
          /** It can be had in own stores alone. */
          byStore: Type.Boolean(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>
