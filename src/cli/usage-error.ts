/** The command line is invalid: exit code 2, as for an invalid set-up. */
export class UsageError extends Error {}

/** The command is valid but cannot be done: exit code 1, as for a check that found a fault. */
export class CommandError extends Error {}
