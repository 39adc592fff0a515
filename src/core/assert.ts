/**
 * What holds unless the code is broken, asked for where money, claims or leases change hands. A batch that breaks it is
 * rolled back. `what` is a constant: a text that is put together costs more than the question.
 */
export function assert(holds: boolean, what: string, transactionId: number | null = null): asserts holds {
  if (!holds)
    throw new Error(`broken invariant${transactionId === null ? '' : ` at transaction ${transactionId}`}: ${what}`)
}
