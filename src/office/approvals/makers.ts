import { decideMakerKey, makerKeys, openMakerKeyProposals } from '../makers.ts'
import { type ApprovalRule, change, decidedWithoutCode, type Draft } from './item.ts'

/** Keys that makers' files shall be encrypted to. */
export const MAKER_KEYS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('changes.approve') && !actor.rights.has('issues.export')) return []
    const before = await makerKeys(office)
    return (await openMakerKeyProposals(office)).map(
      ({ id, maker, recipient, reason, proposedBy, proposedAt }): Draft => ({
        id,
        right: 'changes.approve',
        subject: { en: `Key of card maker ${maker}`, pl: `Klucz producenta kart ${maker}` },
        to: null,
        by: proposedBy,
        at: proposedAt,
        reason,
        changes: [
          change({ en: 'Encrypted to', pl: 'Szyfrowane dla' }, before.get(maker)?.recipient ?? null, recipient),
        ],
        createsMoney: false,
      }),
    )
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideMakerKey(office, actor, input)),
}
