const NAME = 'SetUpError'

/**
 * An error in the set-up of Akart (a file, a variable, a missing package), not in its code. Its message is complete, so
 * it is printed alone, without a stack.
 */
export function setUpError(message: string): Error {
  const error = new Error(message)
  error.name = NAME
  return error
}

export function isSetUpError(error: unknown): error is Error {
  return error instanceof Error && error.name === NAME
}
