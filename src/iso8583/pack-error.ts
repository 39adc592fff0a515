/** A message that its profile cannot express. That is a fault of the code, because all data from outside went through `unpack`. */
export class PackError extends Error {
  /** 0: the MTI; else the data element. */
  readonly field: number
  readonly reason: PackReason

  constructor(field: number, reason: PackReason) {
    super(`field ${field} cannot be packed: ${reason}`)
    this.name = 'PackError'
    this.field = field
    this.reason = reason
  }
}

export type PackReason =
  | 'length'
  | 'content'
  | 'undefined field'
  | 'more bitmaps than the profile has'
  | 'does not fit the target'
