/** How far a right reaches: everywhere, or only in the actor's own stores. */
export type Reach = 'all' | 'own'

export const ROLES = ['administrator', 'issuer', 'storeManager', 'accountant', 'helpDesk', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/**
 * The strictness for a door: `none`; `totp`: persons with this right sign in with a one-time code; `reauth`: also
 * authenticated again within the last five minutes.
 */
export type Care = 'none' | 'totp' | 'reauth'

export type RightRule = {
  readonly care: Care
  /** The standard roles with this right, and its reach. */
  readonly roles: Readonly<Partial<Record<Role, Reach>>>
}

const ADMINISTRATOR = { administrator: 'all' } as const
const ISSUER = { issuer: 'all' } as const
const ACCOUNTANT = { accountant: 'all' } as const
const HELP_DESK = { helpDesk: 'all' } as const
const SEARCHERS = { issuer: 'all', storeManager: 'own', accountant: 'all', helpDesk: 'all', auditor: 'all' } as const

/** Rights × roles (docs/spec/menu.md, section 1). Roles of one's own are composed of these rights. */
// prettier-ignore
export const RIGHTS = {
  'cards.find':                      { care: 'none',   roles: SEARCHERS },
  'transactions.find':               { care: 'none',   roles: SEARCHERS },
  'cards.reveal':                    { care: 'totp',   roles: HELP_DESK },
  'cards.block':                     { care: 'none',   roles: { issuer: 'all', storeManager: 'own', helpDesk: 'all' } },
  'cards.unblock':                   { care: 'totp',   roles: HELP_DESK },
  'cards.duplicate':                 { care: 'totp',   roles: HELP_DESK },
  'cards.extend':                    { care: 'totp',   roles: HELP_DESK },
  'cards.clear':                     { care: 'totp',   roles: HELP_DESK },
  'cards.bulk':                      { care: 'totp',   roles: HELP_DESK },
  'cards.adjust':                    { care: 'totp',   roles: HELP_DESK },
  'cards.adjust.approve':            { care: 'reauth', roles: ACCOUNTANT },
  'cases.find':                      { care: 'none',   roles: { storeManager: 'own', accountant: 'all', helpDesk: 'all', auditor: 'all' } },
  'cases.decide':                    { care: 'totp',   roles: { accountant: 'all', helpDesk: 'all' } },
  'cases.approve':                   { care: 'reauth', roles: ACCOUNTANT },
  'issues.find':                     { care: 'none',   roles: { issuer: 'all', storeManager: 'all', accountant: 'all', auditor: 'all' } },
  'issues.edit':                     { care: 'totp',   roles: ISSUER },
  'issues.export':                   { care: 'totp',   roles: ISSUER },
  'issues.activate':                 { care: 'totp',   roles: ISSUER },
  'issues.limits':                   { care: 'totp',   roles: ISSUER },
  'issues.limits.approve':           { care: 'reauth', roles: { issuer: 'all', accountant: 'all' } },
  'issues.authorise':                { care: 'reauth', roles: { issuer: 'all', accountant: 'all' } },
  'packs.find':                      { care: 'none',   roles: { issuer: 'all', storeManager: 'own', accountant: 'all', auditor: 'all' } },
  'packs.receive':                   { care: 'none',   roles: { issuer: 'all', storeManager: 'own' } },
  'packs.return':                    { care: 'none',   roles: { issuer: 'all', storeManager: 'own' } },
  'packs.make':                      { care: 'totp',   roles: ISSUER },
  'packs.dispatch':                  { care: 'totp',   roles: ISSUER },
  'packs.activate':                  { care: 'totp',   roles: ISSUER },
  'packs.kill':                      { care: 'reauth', roles: ISSUER },
  'packs.sell':                      { care: 'totp',   roles: ISSUER },
  'packs.authorise':                 { care: 'reauth', roles: { issuer: 'all', accountant: 'all' } },
  'packs.sell.approve':              { care: 'reauth', roles: { issuer: 'all', accountant: 'all' } },
  'stores.find':                     { care: 'none',   roles: { administrator: 'all', ...SEARCHERS } },
  'terminals.find':                  { care: 'none',   roles: { administrator: 'all', ...SEARCHERS } },
  'stores.edit':                     { care: 'totp',   roles: ADMINISTRATOR },
  'terminals.edit':                  { care: 'totp',   roles: ADMINISTRATOR },
  'terminals.keys':                  { care: 'totp',   roles: ADMINISTRATOR },
  'counterparties.find':             { care: 'none',   roles: { issuer: 'all', accountant: 'all', auditor: 'all' } },
  'counterparties.edit':             { care: 'totp',   roles: ACCOUNTANT },
  'counterparties.payments':         { care: 'totp',   roles: ACCOUNTANT },
  'counterparties.payments.approve': { care: 'reauth', roles: ACCOUNTANT },
  'welfare.find':                    { care: 'none',   roles: { accountant: 'all', auditor: 'all' } },
  'welfare.prepare':                 { care: 'totp',   roles: ACCOUNTANT },
  'welfare.recall':                  { care: 'totp',   roles: ACCOUNTANT },
  'welfare.approve':                 { care: 'reauth', roles: ACCOUNTANT },
  'reports.see':                     { care: 'none',   roles: { issuer: 'all', storeManager: 'own', accountant: 'all', auditor: 'all' } },
  'reports.schedule':                { care: 'totp',   roles: ACCOUNTANT },
  'reports.inputs':                  { care: 'totp',   roles: ACCOUNTANT },
  'settlement.close':                { care: 'reauth', roles: ACCOUNTANT },
  'upstreams.see':                   { care: 'none',   roles: { administrator: 'all', accountant: 'all', auditor: 'all' } },
  'alerts.see':                      { care: 'none',   roles: { administrator: 'all', auditor: 'all' } },
  'ecards.sell':                     { care: 'totp',   roles: ISSUER },
  'changes.approve':                 { care: 'reauth', roles: ACCOUNTANT },
  'ecards.sell.approve':             { care: 'reauth', roles: ACCOUNTANT },
  'today.see':                       { care: 'none',   roles: { administrator: 'all', ...SEARCHERS } },
  'shops.edit':                      { care: 'totp',   roles: ADMINISTRATOR },
  'settings.edit':                   { care: 'totp',   roles: ADMINISTRATOR },
  'users.edit':                      { care: 'reauth', roles: ADMINISTRATOR },
  'sessions.end':                    { care: 'totp',   roles: ADMINISTRATOR },
  'audit.see':                       { care: 'none',   roles: { administrator: 'all', auditor: 'all' } },
  'jobs.see':                        { care: 'none',   roles: { administrator: 'all', issuer: 'all', accountant: 'all', auditor: 'all' } },
} as const satisfies Record<string, RightRule>

export type Right = keyof typeof RIGHTS
export const RIGHT_NAMES = Object.keys(RIGHTS) as readonly Right[]

/** Whether a right can be had in own stores alone: where the table gives it so to a standard role. */
export const canReachOwn = (right: Right): boolean => Object.values<Reach>(RIGHTS[right].roles).includes('own')
