import { type FollowUp, type OperationName, operations } from '../terminal/operations.ts'

/** The choices at the till. */
export type Choice =
  | { readonly kind: 'operation'; readonly name: OperationName }
  | { readonly kind: 'follow'; readonly how: FollowUp }
  | { readonly kind: 'repeat'; readonly plain: boolean }
  | { readonly kind: 'day-end'; readonly mti: '0500' | '0520' }

export type MenuItem = { readonly label: string; readonly hint: string; readonly choice: Choice }

const operation = (name: OperationName): MenuItem => {
  const { mti, code } = operations[name]
  return { label: name, hint: code === null ? mti : `${mti} ${code}`, choice: { kind: 'operation', name } }
}

const follow = (how: FollowUp, mti: string): MenuItem => ({ label: how, hint: mti, choice: { kind: 'follow', how } })

const cardOperations = [
  'payment',
  'balance',
  'sale',
  'nominal-sale',
  'top-up',
  'refund',
  'cash-out',
  'duplicate',
  'payment-advice',
  'refund-advice',
  'block',
  'unblock',
] as const

/** The menu in its order; null is a line between. */
export const menu: readonly (MenuItem | null)[] = [
  ...cardOperations.map(operation),
  null,
  follow('confirm', '0202'),
  follow('cancel', '0400'),
  follow('reverse', '0420'),
  { label: 'repeat', hint: 'as x1', choice: { kind: 'repeat', plain: false } },
  { label: 'send again', hint: 'as it was', choice: { kind: 'repeat', plain: true } },
  null,
  ...(['echo', 'sign-on', 'sign-off', 'new-key'] as const).map(operation),
  { label: 'end of day', hint: '0500', choice: { kind: 'day-end', mti: '0500' } },
  { label: 'end of day, forced', hint: '0520', choice: { kind: 'day-end', mti: '0520' } },
]

/** The place after `at` in a direction that holds an item; round at the ends. */
export function nextItem(at: number, by: 1 | -1): number {
  const next = (at + by + menu.length) % menu.length
  return menu[next] === null ? nextItem(next, by) : next
}
