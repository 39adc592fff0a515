import { CommandError, UsageError } from './usage-error.ts'

/**
 * Database errors that a user can resolve, with the remedy. Any other error is a bug of Akart and is shown with its
 * stack.
 */

type DatabaseError = { readonly message: string; readonly words: readonly string[] }

const grants = ({ message }: DatabaseError): Error =>
  new CommandError(
    `the database refuses: ${message}. akart database grants prints the rights that the users of AKART_DATABASE_URL need, and akart database migrate changes tables`,
  )

/** An ASCII column was compared with text that is not ASCII: the user mistyped a code. */
const noSuchCode = ({ words }: DatabaseError): Error =>
  new UsageError(
    `codes are in ASCII, so there is none such: ${words.filter((word) => /[^ -~]/u.test(word)).join(', ')}`,
  )

/** By error number, the same on MariaDB and MySQL where only one is named. */
const EXPLANATIONS: Readonly<Record<number, (error: DatabaseError) => Error>> = {
  // Access denied: to a database, for a user, to a table, to a column, for want of a global right.
  1044: grants,
  1045: ({ message }) =>
    new CommandError(`the database refuses: ${message}. Look at user and password in AKART_DATABASE_URL`),
  1142: grants,
  1143: grants,
  1227: grants,
  // MariaDB, then MySQL.
  1267: noSuchCode,
  3854: noSuchCode,
}

export function explainDatabaseError(error: unknown, words: readonly string[]): unknown {
  const { errno, message } = error as { errno?: unknown; message?: unknown }
  const explain = typeof errno === 'number' ? EXPLANATIONS[errno] : undefined
  return explain === undefined ? error : explain({ message: String(message), words })
}
