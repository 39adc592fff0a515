/** What was typed makes no sense: exit code 2, as where the set-up is wrong. */
export class UsageError extends Error {}

/** The command is understood and cannot be done: exit code 1, as what was looked for and is wrong. */
export class CommandError extends Error {}
