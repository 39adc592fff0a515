import { SetUpError } from '../set-up-error.ts'

/** A number of an option, within its bounds. Throws a SetUpError. */
export function whole(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  // Text that is not a number arrives as NaN, so it cannot be shown.
  const given = Number.isNaN(value) ? '' : ` ${value}`
  throw new SetUpError(`--${option}${given}: expected a whole number from ${least} to ${most}`)
}

export const portOf = (option: string, value: number): number => whole(option, value, 0, 65_535)
