const STANS = 999_999

/** A trace number (DE 11, n6, never 000000) from an endless counter; each number returns after 999,999 others. */
export const stanOf = (next: number | null): number | null => (next === null ? null : ((next - 1) % STANS) + 1)
