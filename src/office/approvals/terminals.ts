import { decideTerminal, openTerminalProposals, proposedChange } from '../terminal-proposals.ts'
import { type ApprovalRule, change, decidedWithoutCode, type Draft } from './item.ts'

/** Terminals that shall be served again, or without proving who they are. */
export const TERMINAL_CHANGES: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('changes.approve') && !actor.rights.has('terminals.edit')) return []
    return (await openTerminalProposals(office)).map((proposal): Draft => {
      const { id, by, at, reason } = proposal
      const { terminal, change: wanted } = proposedChange(proposal)
      return {
        id,
        right: 'changes.approve',
        subject: { en: `Terminal ${terminal}`, pl: `Terminal ${terminal}` },
        to: `/terminals/${terminal}`,
        by,
        at,
        reason,
        changes: Object.entries(wanted).map(([name, value]) => change({ en: name, pl: name }, null, String(value))),
        createsMoney: false,
      }
    })
  },
  decide: async (office, actor, wish) => decidedWithoutCode(await decideTerminal(office, actor, wish)),
}
