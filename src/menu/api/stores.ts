import { Type } from 'typebox'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Code,
  Day,
  Id,
  members,
  Money,
  Named,
  oneOf,
  opt,
  orNull,
  Reason,
  LocalizedText,
  Time,
} from './values.ts'

const ofCode = members({ code: Code })
/** Setting → text, as on the command line: `time-zone: Europe/Warsaw`. */
const Settings = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 200 }))

const Store = {
  code: Type.String(),
  name: Type.String(),
  state: oneOf(['open', 'closed']),
  currency: Type.String(),
  timeZone: Type.String(),
  language: Type.String(),
  terminals: Type.Integer(),
}

const Terminal = {
  code: Type.String(),
  store: Named,
  state: oneOf(['active', 'inactive']),
  confirmation: Type.String(),
  mac: Type.String(),
  macRequired: Type.Boolean(),
  signOn: Type.Boolean(),
  characterSet: Type.String(),
  language: Type.String(),
  unauthenticated: Type.Boolean(),
  /** Without a key, a certificate or an explicit exemption it is not served. */
  canProve: Type.Boolean(),
  /** In the last seven days. */
  lastAt: orNull(Time),
  /** It was heard of in the last seven days, and not today. */
  silent: Type.Boolean(),
}

const Changes = Type.Array(members({ at: Time, who: Type.String(), action: Type.String(), detail: Type.String() }))
const Total = members({ number: Type.Integer(), amount: Money })
const Totals = members({ credits: Total, reversedCredits: Total, debits: Total, reversedDebits: Total })

export const STORES = {
  'stores.list': {
    method: 'GET',
    path: '/api/stores',
    access: ['stores.find'],
    answer: members({ items: Type.Array(members({ ...Store, silent: Type.Integer() })) }),
  },
  'stores.show': {
    method: 'GET',
    path: '/api/stores/:code',
    access: ['stores.find'],
    params: ofCode,
    answer: members({ ...Store, changes: Changes, tills: Type.Array(members(Terminal)) }),
  },
  'stores.add': {
    method: 'POST',
    path: '/api/stores',
    access: ['stores.edit'],
    body: members({ settings: Settings }),
    answer: members({ code: Type.String() }),
  },
  'stores.change': {
    method: 'PATCH',
    path: '/api/stores/:code',
    access: ['stores.edit'],
    params: ofCode,
    body: members({ settings: Settings }),
    answer: members({ differences: Type.Array(Type.String()), open: Type.Integer() }),
  },
  /** Stores and tills of a whole chain; CSV or XLSX as base64. */
  'stores.import': {
    method: 'POST',
    path: '/api/stores/import',
    access: ['stores.edit'],
    body: members({
      fileName: Type.String({ minLength: 1, maxLength: 200 }),
      content: Type.String({ maxLength: 28_000_000 }),
      dryRun: Type.Boolean(),
    }),
    answer: members({
      stores: Type.Integer(),
      terminals: Type.Integer(),
      saved: Type.Boolean(),
      count: Type.Integer(),
      faults: Type.Array(members({ line: Type.Integer(), text: LocalizedText })),
    }),
  },
  'terminals.list': {
    method: 'GET',
    path: '/api/terminals',
    access: ['terminals.find'],
    query: members({ store: opt(Code), state: opt(oneOf(['active', 'inactive', 'silent'])) }),
    answer: members({ items: Type.Array(members(Terminal)) }),
  },
  'terminals.show': {
    method: 'GET',
    path: '/api/terminals/:code',
    access: ['terminals.find'],
    params: ofCode,
    answer: members({
      ...Terminal,
      changes: Changes,
      /** Its totals since its last end of day. */
      day: members({ since: Day, totals: Totals }),
      dayEnds: Type.Array(members({ id: Id, day: Day, agreed: Type.Boolean(), totals: Totals })),
      keys: orNull(
        Type.Array(
          members({
            purpose: Type.String(),
            algorithm: Type.String(),
            checkValue: Type.String(),
            state: Type.String(),
          }),
        ),
      ),
      keyChanges: Type.Array(
        members({
          at: Time,
          who: Type.String(),
          action: Type.String(),
          purpose: orNull(Type.String()),
          checkValue: orNull(Type.String()),
          note: Type.String(),
        }),
      ),
      bindings: Type.Array(
        members({ what: oneOf(['terminal', 'store']), by: oneOf(['fingerprint', 'subject']), name: Type.String() }),
      ),
    }),
  },
  'terminals.add': {
    method: 'POST',
    path: '/api/terminals',
    access: ['terminals.edit'],
    body: members({ settings: Settings }),
    answer: members({ code: Type.String() }),
  },
  /** A change that makes it served with weaker authentication waits for a second person. */
  'terminals.change': {
    method: 'PATCH',
    path: '/api/terminals/:code',
    access: ['terminals.edit'],
    params: ofCode,
    body: members({ settings: Settings, reason: Reason }),
    answer: members({ differences: Type.Array(Type.String()), approval: orNull(ApprovalId) }),
  },
  'terminals.signOn': {
    method: 'POST',
    path: '/api/terminals/:code/sign-on',
    access: ['terminals.edit'],
    params: ofCode,
    body: members({ required: Type.Boolean() }),
    answer: members({ required: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  'terminals.bind': {
    method: 'POST',
    path: '/api/terminals/:code/certificates',
    access: ['terminals.keys'],
    params: ofCode,
    body: members({
      by: oneOf(['fingerprint', 'subject']),
      name: Type.String({ minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' }),
      /** Takes it away again. */
      remove: Type.Boolean(),
    }),
    answer: members({ bound: Type.Boolean(), approval: orNull(ApprovalId) }),
  },
  /** One custodian's component; the key is loaded with the last one, which another person gives. */
  'terminals.giveComponent': {
    method: 'POST',
    path: '/api/terminals/:code/key-components',
    access: ['terminals.keys'],
    params: ofCode,
    body: members({
      purpose: oneOf(['kbpk', 'mac', 'bdk']),
      component: members({
        hex: Type.String({ pattern: '^[0-9A-Fa-f]{32,64}$' }),
        checkValue: Type.String({ pattern: '^[0-9A-Fa-f]{6,10}$' }),
      }),
      /** Given with the first component. */
      begins: orNull(
        members({
          algorithm: orNull(oneOf(['tdes', 'aes'])),
          components: Type.Integer({ minimum: 2, maximum: 3 }),
          checkValue: Type.String({ pattern: '^[0-9A-Fa-f]{6,10}$' }),
          replaces: Type.Boolean(),
        }),
      ),
    }),
    answer: members({ checkValue: orNull(Type.String()), given: Type.Integer(), of: Type.Integer() }),
  },
  /** Two people have to want it, one after the other. */
  'terminals.removeKey': {
    method: 'POST',
    path: '/api/terminals/:code/key-removal',
    access: ['terminals.keys'],
    params: ofCode,
    body: members({ purpose: oneOf(['kbpk', 'mac', 'bdk']) }),
    answer: members({ waits: Type.Boolean() }),
  },
  'terminals.macPolicy': {
    method: 'POST',
    path: '/api/terminals/:code/mac-policy',
    access: ['terminals.keys'],
    params: ofCode,
    body: members({ required: Type.Boolean() }),
    answer: members({ waits: Type.Boolean() }),
  },
  'upstreams.list': {
    method: 'GET',
    path: '/api/upstreams',
    access: ['upstreams.see'],
    answer: members({
      items: Type.Array(
        members({
          name: Type.String(),
          owed: Type.Integer(),
          oldest: orNull(Time),
          tries: Type.Integer(),
          lastFailure: orNull(Type.String()),
          setAside: Type.Integer(),
          acknowledged: Type.Integer(),
          pending: Type.Integer(),
          leasedUntil: Time,
          owes: Type.Array(Money),
          /** As the process sees it that answers; null: it has no connection of its own to this host. */
          live: orNull(
            members({
              connections: Type.Integer(),
              inFlight: Type.Integer(),
              circuit: oneOf(['closed', 'open', 'half_open']),
            }),
          ),
        }),
      ),
    }),
  },
  'upstreams.setAside': {
    method: 'GET',
    path: '/api/upstreams/set-aside',
    access: ['upstreams.see'],
    answer: members({
      items: Type.Array(
        members({
          transaction: Id,
          upstream: Type.String(),
          kind: oneOf(['confirmation', 'reversal']),
          owedSince: Time,
          setAsideAt: Time,
          tries: Type.Integer(),
          why: orNull(Type.String()),
          card: Type.String(),
          amount: orNull(Money),
          store: Named,
          terminal: Type.String(),
          /** A person's decision, open or made. */
          case: orNull(members({ id: Id, open: Type.Boolean() })),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>
