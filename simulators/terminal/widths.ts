/** Text fields of fixed size, so that their spaces need not be typed. */
export const WIDTHS: Readonly<Record<number, number>> = { 37: 12, 38: 6, 41: 8, 42: 15, 43: 40 }
