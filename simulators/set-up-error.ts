/** An error that the user can correct (a file, an address, an option): shown without a stack. */
export class SetUpError extends Error {}
