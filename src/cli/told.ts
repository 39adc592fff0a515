import { CommandError, UsageError } from './usage-error.ts'

/*
 * What a database says when a command cannot be done, in words that tell what to do. An error that is not in here is a
 * mistake of ours, and is shown with its stack.
 */

type Said = { readonly message: string; readonly words: readonly string[] }

const grants = ({ message }: Said): Error =>
  new CommandError(
    `the database refuses: ${message}. akart database grants prints the rights that the users of AKART_DATABASE_URL need, and akart database migrate changes tables`,
  )

/** By MariaDB's error number. */
const TOLD: Readonly<Record<number, (said: Said) => Error>> = {
  // Access denied: to a database, for a user, to a table, to a column, for want of a global right.
  1044: grants,
  1045: ({ message }) =>
    new CommandError(`the database refuses: ${message}. Look at user and password in AKART_DATABASE_URL`),
  1142: grants,
  1143: grants,
  1227: grants,
  // A code, whose column is ASCII, was compared with text that is not: whoever types another character has mistyped.
  1267: ({ words }) =>
    new UsageError(
      `codes are in ASCII, so there is none such: ${words.filter((word) => /[^ -~]/u.test(word)).join(', ')}`,
    ),
}

export function told(error: unknown, words: readonly string[]): unknown {
  const { errno, message } = error as { errno?: unknown; message?: unknown }
  const tell = typeof errno === 'number' ? TOLD[errno] : undefined
  return tell === undefined ? error : tell({ message: String(message), words })
}
