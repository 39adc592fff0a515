/** Where `/` goes: what the role does most. Of several roles the first one of this list counts. */
const HOMES = [
  ['helpDesk', '/cards'],
  ['storeManager', '/today'],
  ['accountant', '/approvals'],
  ['issuer', '/issues'],
  ['administrator', '/today'],
  ['auditor', '/audit'],
] as const

export const homeOf = (roles: readonly string[]): string =>
  HOMES.find(([role]) => roles.includes(role))?.[1] ?? '/today'
