import { decideErasure, openErasures } from '../erasure.ts'
import { type ApprovalRule, change, decidedWithoutCode } from './item.ts'

/** Persons whose names and addresses are to be replaced for good. */
export const ERASURES: ApprovalRule = {
  async list(office) {
    const open = await openErasures(office)
    return open.map(({ id, by, at, reason, shown }) => ({
      id,
      right: 'changes.approve',
      subject: { en: `Erase ${shown}`, pl: `Usuń dane: ${shown}` },
      to: null,
      by,
      at,
      reason,
      changes: [change({ en: 'Name and address', pl: 'Nazwa i adres' }, shown, null)],
      createsMoney: false,
    }))
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideErasure(office, actor, input)),
}
