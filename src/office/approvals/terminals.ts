import type { DoorChange } from '../certificates.ts'
import type { Words } from '../refusal.ts'
import { decideTerminal, isDoorInput, openTerminalProposals, proposedChange } from '../terminal-proposals.ts'
import { type ApprovalRule, change, decidedWithoutCode, type Draft } from './item.ts'

const DOORS: Readonly<Record<DoorChange['act'], Words>> = {
  bind: { en: 'Certificate that speaks for it', pl: 'Certyfikat, który za nim mówi' },
  unbind: { en: 'Certificate that no longer speaks for it', pl: 'Certyfikat, który już za nim nie mówi' },
  demandSignOn: { en: 'Sign-on required', pl: 'Logowanie wymagane' },
  freeSignOn: { en: 'Sign-on not required', pl: 'Logowanie niewymagane' },
}

const WORDS: Readonly<Record<string, Words>> = {
  state: { en: 'State', pl: 'Stan' },
  confirmation: { en: 'Confirmation', pl: 'Potwierdzanie' },
  characterSet: { en: 'Character set', pl: 'Zestaw znaków' },
  language: { en: 'Language', pl: 'Język' },
  unauthenticated: { en: 'May be silent about who it is', pl: 'Może nie dowodzić, kim jest' },
}

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
          : Object.entries(proposed.change).map(([name, value]) =>
              change(WORDS[name] ?? { en: name, pl: name }, null, String(value)),
            ),
        createsMoney: false,
      }
    })
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideTerminal(office, actor, input)),
}
