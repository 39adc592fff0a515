/**
 * Checks an invariant where money, claims or leases change hands; it fails only if the code is wrong. A batch that
 * violates it is rolled back. `what` is a constant, because building a text costs more than the check.
 */
export function assert(holds: boolean, what: string, transactionId: number | null = null): asserts holds {
  if (!holds)
    throw new Error(`broken invariant${transactionId === null ? '' : ` at transaction ${transactionId}`}: ${what}`)
}
