const NAME = 'SetUpError'

/**
 * An error about how Akart was set up (a file, a variable, a missing package), not about its code: its message says all
 * that the reader needs, so whoever prints it prints the message alone, without a stack.
 */
export function setUpError(message: string): Error {
  const error = new Error(message)
  error.name = NAME
  return error
}

export function isSetUpError(error: unknown): error is Error {
  return error instanceof Error && error.name === NAME
}
