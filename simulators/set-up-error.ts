/** What the person at the keyboard has to put right (a file, an address, an option): shown without a stack. */
export class SetUpError extends Error {}
