import { selectApiKey, selectShop, type ShopLimits, type ShopRecord, toApiKey, toShop } from '../../db/sql/shops.ts'
import type { Office } from '../office.ts'
import { openProposals } from '../proposals.ts'
import type { Words } from '../refusal.ts'
import { decideApiKey, decideShop, shopChange } from '../shop-approvals.ts'
import { type ApprovalRule, type Change, change, decidedWithoutCode, type Draft } from './item.ts'

const LIMITS = {
  loadsAnHour: { en: 'Onto cards in an hour', pl: 'Na karty w godzinę' },
  loadsADay: { en: 'Onto cards on a day', pl: 'Na karty w dobę' },
  returnsAnHour: { en: 'Back to cards in an hour', pl: 'Zwroty na karty w godzinę' },
  returnsADay: { en: 'Back to cards on a day', pl: 'Zwroty na karty w dobę' },
} as const satisfies Record<keyof ShopLimits, Words>
const LIMIT_NAMES = Object.keys(LIMITS) as readonly (keyof ShopLimits)[]

const limitChanges = (before: ShopLimits | null, after: ShopLimits, currency: number): Change[] =>
  LIMIT_NAMES.filter((name) => before?.[name] !== after[name]).map((name) => ({
    name: LIMITS[name],
    before: null,
    after: null,
    money: { before: before?.[name] ?? null, after: after[name], currency },
  }))

/** PLN, where the store is gone from the registry. */
const USUAL = 985
const currencyAt = (office: Office, store: string): number => office.registry().stores.get(store)?.currency ?? USUAL

async function shopNamed(office: Office, code: string): Promise<ShopRecord | null> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectShop(code)))
  return row === undefined ? null : toShop(row)
}

/** The new and present limits of a shop. */
export const SHOP_CHANGES: ApprovalRule = {
  async list(office) {
    const all: Draft[] = []
    for (const proposal of await openProposals(office, 'shop')) {
      const { id, by, at, reason } = proposal
      const { code, before, after } = shopChange(proposal)
      const shop = await shopNamed(office, code)
      const days = { en: 'Days to cancel a payment', pl: 'Dni na anulowanie płatności' }
      all.push({
        id,
        right: 'changes.approve',
        subject: { en: `Limits of web shop ${code}`, pl: `Limity sklepu internetowego ${code}` },
        to: null,
        by,
        at,
        reason,
        changes: [
          ...limitChanges(before.limits, after.limits, currencyAt(office, shop?.store ?? '')),
          ...(before.cancelDays === after.cancelDays
            ? []
            : [change(days, String(before.cancelDays), String(after.cancelDays))]),
        ],
        createsMoney: true,
      })
    }
    return all
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideShop(office, actor, input)),
}

/** A key that moves money: for what, from where, until when, and within which limits of its shop. */
export const API_KEYS: ApprovalRule = {
  async list(office) {
    const all: Draft[] = []
    for (const { id, subject, by, at, reason } of await openProposals(office, 'apiKey')) {
      const [[row] = []] = await office.db.use((connection) => connection.send(selectApiKey(subject)))
      if (row === undefined) continue
      const { shop: code, name, scopes, networks, expiresAt, ending } = toApiKey(row)
      const shop = await shopNamed(office, code)
      all.push({
        id,
        right: 'changes.approve',
        subject: {
          en: `API key ${name} (…${ending}) of web shop ${code}`,
          pl: `Klucz API ${name} (…${ending}) sklepu internetowego ${code}`,
        },
        to: null,
        by,
        at,
        reason,
        changes: [
          change({ en: 'Scopes', pl: 'Zakresy' }, null, scopes.join(', ')),
          change({ en: 'From', pl: 'Skąd' }, null, networks.length === 0 ? '*' : networks.join(', ')),
          change(
            { en: 'Until', pl: 'Do' },
            null,
            expiresAt === null ? null : new Date(expiresAt).toISOString(),
            'time',
          ),
          ...(shop === null ? [] : limitChanges(null, shop.limits, currencyAt(office, shop.store))),
        ],
        createsMoney: true,
      })
    }
    return all
  },
  decide: async (office, actor, input) => decidedWithoutCode(await decideApiKey(office, actor, input)),
}
