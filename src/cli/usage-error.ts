/** What was typed makes no sense: exit code 2. */
export class UsageError extends Error {}

/** The command is understood and cannot be done: exit code 1. */
export class CommandError extends Error {}
