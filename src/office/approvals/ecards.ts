import { decideEcard, openEcardProposals } from '../ecards.ts'
import { type ApprovalRule, type Change, change, decidedWithoutCode, type Draft } from './item.ts'

/** Cards that shall be sold by e-mail, and those that shall go to another address. */
export const ECARDS: ApprovalRule = {
  async list(office, actor) {
    if (!actor.rights.has('ecards.sell') && !actor.rights.has('ecards.sell.approve')) return []
    return (await openEcardProposals(office)).map(({ id, by, at, reason, ecard, change: wanted }): Draft => {
      const { issueName, amount, currency, buyer, email } = ecard
      const isSale = wanted.act === 'sell'
      const sum: Change = {
        name: { en: 'On the card', pl: 'Na karcie' },
        before: null,
        after: null,
        money: { before: null, after: amount, currency },
      }
      return {
        id,
        right: 'ecards.sell.approve',
        subject: isSale
          ? { en: `E-card of ${issueName}`, pl: `E-karta: ${issueName}` }
          : { en: `E-card ${ecard.id} to another address`, pl: `E-karta ${ecard.id} na inny adres` },
        to: '/ecards',
        by,
        at,
        reason,
        changes: [
          change({ en: 'Address', pl: 'Adres' }, isSale ? null : email, isSale ? email : wanted.email),
          sum,
          change({ en: 'Paid by', pl: 'Płaci' }, null, office.registry().stores.get(buyer.code)?.name ?? buyer.code),
        ],
        createsMoney: isSale,
      }
    })
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideEcard(office, actor, input)),
}
