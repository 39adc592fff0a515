/** A profile that cannot be used; the message is `file:line: reason`. */
export class ProfileError extends Error {
  constructor(fileName: string, line: number, reason: string) {
    super(`${fileName}:${line}: ${reason}`)
    this.name = 'ProfileError'
  }
}
