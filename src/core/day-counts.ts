import type { Amount } from './money.ts'

/** The operations with a limit per terminal and business day, over all cards. */
export const COUNTED = ['block', 'refund'] as const
export type Counted = (typeof COUNTED)[number]

/** The count of a terminal on the latest business day on which it did the operation. */
export type DayCount = {
  readonly terminal: string
  readonly what: Counted
  /** The issue whose limit it is; 0: no issue in particular. */
  readonly issueId: number
  /** YYYY-MM-DD. */
  readonly day: string
  readonly number: number
  readonly amount: Amount
}

export type CountName = Pick<DayCount, 'terminal' | 'what' | 'issueId'>

export const countName = ({ terminal, what, issueId }: CountName): string => `${terminal} ${what} ${issueId}`

/** A day that is over counts no more; a terminal that is still in an earlier one counts into the latest. */
export const soFar = (count: DayCount | undefined, day: string): Pick<DayCount, 'number' | 'amount'> =>
  count !== undefined && count.day >= day ? count : { number: 0, amount: 0 }

export function counting(count: DayCount | undefined, name: CountName, day: string, amount: Amount): DayCount {
  const { number, amount: before } = soFar(count, day)
  const latest = count !== undefined && count.day > day ? count.day : day
  return { ...name, day: latest, number: number + 1, amount: before + amount }
}
