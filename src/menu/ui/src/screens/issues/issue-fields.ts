import { plainAmount } from '../../lists/money-text.ts'

/** How a setting is entered; the texts of `choice` are `word.…`. */
export type Field = {
  readonly name: string
  readonly kind: 'text' | 'amount' | 'number' | 'date' | 'flag' | 'choice'
  readonly options?: readonly string[]
  /** The default of flags and choices. */
  readonly usual?: string
}

const text = (name: string): Field => ({ name, kind: 'text' })
const amount = (name: string): Field => ({ name, kind: 'amount' })
const number = (name: string): Field => ({ name, kind: 'number' })
const flag = (name: string, usual: 'yes' | 'no'): Field => ({ name, kind: 'flag', options: ['yes', 'no'], usual })
const choice = (name: string, options: readonly string[], usual: string): Field => ({
  name,
  kind: 'choice',
  options,
  usual,
})

/** In the order of planning. */
export const FIELD_GROUPS = [
  {
    id: 'basics',
    fields: [
      text('code'),
      text('name'),
      text('prefix'),
      number('count'),
      choice('medium', ['stripe_barcode', 'stripe', 'barcode', 'virtual'], 'stripe_barcode'),
      choice('barcode', ['code128', 'ean13', 'qr'], 'code128'),
      choice('body', ['scrambled', 'sequential'], 'scrambled'),
      number('length'),
      text('eanPrefix'),
      text('currency'),
    ],
  },
  {
    id: 'value',
    fields: [
      amount('nominal'),
      amount('saleMinimum'),
      amount('saleMaximum'),
      amount('saleStep'),
      amount('maximumBalance'),
      flag('packs', 'yes'),
      flag('saleAuthorisation', 'no'),
      text('soldIn'),
      text('acceptedIn'),
    ],
  },
  { id: 'tax', fields: [choice('voucherKind', ['unset', 'multi', 'single'], 'unset'), text('vatRate')] },
  { id: 'topUp', fields: [amount('topUpMinimum'), amount('topUpMaximum'), amount('topUpStep'), number('topUpCount')] },
  {
    id: 'use',
    fields: [
      flag('partialApproval', 'yes'),
      flag('payByNumber', 'no'),
      flag('balanceByNumber', 'yes'),
      flag('ecodes', 'yes'),
      amount('dailyAmount'),
      number('dailyCount'),
      amount('cashOutMaximum'),
      number('ecommerceAfterHours'),
    ],
  },
  {
    id: 'refunds',
    fields: [
      flag('refundOntoCard', 'yes'),
      flag('refundOntoNew', 'no'),
      amount('unreceiptedRefundMaximum'),
      amount('unreceiptedRefundDaily'),
      amount('unreceiptedRefundTerminalDaily'),
    ],
  },
  { id: 'validity', fields: [{ name: 'validUntil', kind: 'date' }, number('validityMonths')] },
] as const satisfies readonly { readonly id: string; readonly fields: readonly Field[] }[]

/** Two people may change these after draft. */
const LIMITS = new Set([
  'saleMinimum', 'saleMaximum', 'saleStep', 'topUpMinimum', 'topUpMaximum', 'topUpStep', 'topUpCount', 'maximumBalance',
  'dailyAmount', 'dailyCount', 'unreceiptedRefundMaximum', 'unreceiptedRefundDaily', 'unreceiptedRefundTerminalDaily',
  'cashOutMaximum',
]) // prettier-ignore

export const LIMIT_GROUPS = FIELD_GROUPS.map(({ id, fields }) => ({
  id,
  fields: (fields as readonly Field[]).filter(({ name }) => LIMITS.has(name)),
})).filter(({ fields }) => fields.length > 0)

/** The field's value of a setting: `none` and `all` are an empty field. */
export const shownValue = (settings: Readonly<Record<string, string>>, name: string): string => {
  const value = settings[name] ?? ''
  return value === 'none' || value === 'all' ? '' : value
}

/** An amount as this reader writes it; other settings as they are. */
export const fieldText = (kind: Field['kind'], value: string, language: 'en' | 'pl'): string =>
  kind === 'amount' && language === 'pl' ? value.replace('.', ',') : value

/** The value of an emptied field. */
const emptied = (name: string): string => (name === 'soldIn' || name === 'acceptedIn' ? 'all' : 'none')

/** The settings to send: changed fields. Amounts may have a decimal comma. */
export function givenOf(
  groups: readonly { readonly fields: readonly Field[] }[],
  before: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const changed = groups
    .flatMap(({ fields }) => fields)
    .flatMap(({ name, kind }) => {
      const was = shownValue(before, name)
      const typed = (values[name] ?? was).trim()
      const value = kind === 'amount' ? plainAmount(typed) : kind === 'number' ? typed.replaceAll(/\s/g, '') : typed
      if (value === was) return []
      return [[name, value === '' ? emptied(name) : value] as const]
    })
  return Object.fromEntries(changed)
}
