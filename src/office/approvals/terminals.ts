import type { DoorChange } from '../certificates.ts'
import type { Words } from '../refusal.ts'
import { decideTerminal, isDoorInput, openTerminalProposals, proposedChange } from '../terminal-proposals.ts'
import type { TerminalChange } from '../terminals.ts'
import { type ApprovalRule, type Change, change, decidedWithoutCode, type Draft, type ValueKind } from './item.ts'

const DOORS: Readonly<Record<DoorChange['act'], Words>> = {
  bind: { en: 'Certificate that speaks for it', pl: 'Certyfikat, który za nim mówi' },
  unbind: { en: 'Certificate that no longer speaks for it', pl: 'Certyfikat, który już za nim nie mówi' },
  demandSignOn: { en: 'Sign-on required', pl: 'Logowanie wymagane' },
  freeSignOn: { en: 'Sign-on not required', pl: 'Logowanie niewymagane' },
}

type Setting = keyof TerminalChange
const SETTINGS = {
  state: { name: { en: 'State', pl: 'Stan' }, values: 'terminalState' },
  confirmation: { name: { en: 'Confirmation', pl: 'Potwierdzanie' }, values: 'confirmation' },
  characterSet: { name: { en: 'Character set', pl: 'Zestaw znaków' }, values: null },
  language: { name: { en: 'Language', pl: 'Język' }, values: 'language' },
  unauthenticated: { name: { en: 'May be silent about who it is', pl: 'Może nie dowodzić, kim jest' }, values: 'flag' },
} as const satisfies Record<Setting, { readonly name: Words; readonly values: ValueKind | null }>

const settingChanges = (wanted: TerminalChange): Change[] =>
  (Object.entries(wanted) as [Setting, string | boolean][]).map(([setting, value]) => {
    const { name, values } = SETTINGS[setting]
    return change(name, null, typeof value === 'boolean' ? (value ? 'yes' : 'no') : value, values)
  })

/** Terminals that shall be served again, or without authentication. */
export const TERMINAL_CHANGES: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('changes.approve') && !actor.rights.has('terminals.edit')) return []
    return (await openTerminalProposals(office)).map((proposal): Draft => {
      const { id, by, at, reason } = proposal
      const proposed = proposedChange(proposal)
      const { what, code } = isDoorInput(proposed)
        ? proposed.of
        : { what: 'terminal' as const, code: proposed.terminal }
      return {
        id,
        right: 'changes.approve',
        subject:
          what === 'terminal'
            ? { en: `Terminal ${code}`, pl: `Terminal ${code}` }
            : { en: `Store ${code}`, pl: `Sklep ${code}` },
        to: what === 'terminal' ? `/terminals/${code}` : `/stores/${code}`,
        by,
        at,
        reason,
        changes: isDoorInput(proposed)
          ? [
              change(
                DOORS[proposed.door.act],
                null,
                'name' in proposed.door ? `${proposed.door.by} ${proposed.door.name}` : null,
              ),
            ]
          : settingChanges(proposed.change),
        createsMoney: false,
      }
    })
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideTerminal(office, actor, input)),
}
