/** Approvals about people: rights over money, mappings of operating-system users, settings that relax a check. */

import type { GrantRow } from '../../db/sql/grants.ts'
import { decideMap, waitingMaps } from '../command-persons.ts'
import { decideGrant, waitingGrants } from '../grants.ts'
import type { Words } from '../refusal.ts'
import { decideSetting, openSettingProposals, settingChange, SETTINGS } from '../settings.ts'
import { readRoles } from '../person.ts'
import type { RoleRow } from '../../db/sql/users.ts'
import { change, decidedWithoutCode, type ApprovalRule, type Draft } from './item.ts'

const WHAT: Readonly<Record<GrantRow['what'], Words>> = {
  invitation: { en: 'Invitation of', pl: 'Zaproszenie:' },
  roles: { en: 'Roles of', pl: 'Role:' },
  password: { en: 'New password of', pl: 'Nowe hasło:' },
  totp: { en: 'New codes of', pl: 'Nowe kody:' },
  enabling: { en: 'Enabling', pl: 'Włączenie:' },
}

/** @param own roles of the installation's own, whose rights are said: the standard ones are known */
export const grantDraft = (
  { id, what, login, by, at, roles, stores }: GrantRow,
  own: readonly RoleRow[] = [],
): Draft => ({
  id,
  right: 'users.edit',
  subject: { en: `${WHAT[what].en} ${login}`, pl: `${WHAT[what].pl} ${login}` },
  to: '/users',
  by,
  at,
  reason: '',
  changes: [
    change({ en: 'Roles', pl: 'Role' }, null, roles.join(', '), 'role'),
    change({ en: 'Stores', pl: 'Sklepy' }, null, stores.join(', ')),
    ...own
      .filter(({ code }) => roles.includes(code))
      .map(({ code, rights }) =>
        change({ en: `Rights of ${code}`, pl: `Uprawnienia roli ${code}` }, null, rights.join(', ')),
      ),
  ],
  createsMoney: false,
})

export const GRANTS: ApprovalRule = {
  isShownToAll: true,
  async list(office, actor) {
    const own = await office.db.use(readRoles)
    return (await waitingGrants(office, actor)).map((grant) => grantDraft(grant, own))
  },
  decide: (office, actor, input) => decideGrant(office, actor, input),
}

/** By the number of the operating-system user: each is one person at most. */
export const USER_MAPS: ApprovalRule = {
  isShownToAll: true,
  list: async (office, actor) =>
    (await waitingMaps(office, actor)).map(({ uid, login, at, effectiveAt }): Draft => ({
      id: uid,
      right: 'users.edit',
      subject: { en: `Command line of ${login}`, pl: `Wiersz poleceń: ${login}` },
      to: '/users',
      by: login,
      at,
      reason: '',
      changes: [
        change({ en: 'Operating-system user', pl: 'Użytkownik systemu operacyjnego' }, null, `uid ${uid}`),
        change({ en: 'From', pl: 'Od' }, null, new Date(effectiveAt).toISOString(), 'time'),
      ],
      createsMoney: false,
    })),
  decide: (office, actor, input) => decideMap(office, actor, input),
}

export const SETTING_CHANGES: ApprovalRule = {
  list: async (office) =>
    (await openSettingProposals(office)).map((proposal): Draft => {
      const { name, before, after } = settingChange(proposal)
      const { id, by, at, reason } = proposal
      return {
        id,
        right: 'changes.approve',
        subject: SETTINGS[name].text,
        to: '/settings',
        by,
        at,
        reason,
        changes: [change({ en: 'Value', pl: 'Wartość' }, String(before), String(after))],
        createsMoney: false,
      }
    }),
  decide: async (office, actor, input) => decidedWithoutCode(await decideSetting(office, actor, input)),
}
