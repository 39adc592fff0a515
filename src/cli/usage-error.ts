/** What was typed makes no command: its message is shown without a stack, exit code 2. */
export class UsageError extends Error {}
