import type { Message } from './message.ts'

/** Why bytes are not a message. The texts go into DE44 (`F035 length`, at most 25 characters) and into logs. */
export const MALFORMED = {
  cut: 'cut', // the bytes end inside the element, or before it
  length: 'length', // a length prefix that is no number, above the maximum, or past the end of the message
  content: 'content', // characters that the element's content type does not have
  tag: 'tag', // tags and lengths inside binary data that are no BER-TLV
  undefined: 'undefined field', // the bitmap names an element that the profile does not know
  bitmap: 'bitmap', // hex digits were expected
  leftOver: 'left over', // bytes after the last element
} as const satisfies Record<string, string>

export type MalformedReason = keyof typeof MALFORMED

/** A refused message: where and why, never a value. */
export type Malformed = {
  /** 0: the MTI; 1: a bitmap; else the data element. For left-over bytes: the last element that was read (1 if there was none). */
  readonly field: number
  /** From the start of the message, in bytes. */
  readonly offset: number
  readonly reason: MalformedReason
  /** The MTI and the elements before the fault; null if the MTI or a bitmap could not be read. */
  readonly readable: Message | null
}

/** `F035 length`: the text of DE 44 and of the log. */
export const malformedText = ({ field, reason }: Malformed): string =>
  `F${String(field).padStart(3, '0')} ${MALFORMED[reason]}`
