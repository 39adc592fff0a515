/** Text fields of a fixed size, so that nobody need write their spaces. */
export const WIDTHS: Readonly<Record<number, number>> = { 37: 12, 38: 6, 41: 8, 42: 15, 43: 40 }
