/**
 * The values of a message by data element number, as text:
 * - `n a an ans` as on the wire, decoded to ASCII in full width, with their padding;
 * - `b` as upper-case hex, two characters for each byte;
 * - `z` (tracks) with the separator that was on the wire, `=` or `D`; in BCD always `=`;
 * - `x+n` as sign and digits: `C0000000000012500`.
 *
 * Elements 1 and 65 are never present: the bitmaps follow from the elements that are.
 */
export type Fields = { [de: number]: string | undefined }

export type Message = {
  /** Message type, four digits: version, class, function, origin (ISO 8583:1987, 4.1). */
  readonly mti: string
  readonly fields: Fields
  /**
   * Set by `unpack` only if the message announced a secondary bitmap that names no element. It is accepted, and `pack`
   * must know it to give the same bytes again. Otherwise `pack` sends a secondary bitmap only when one is needed.
   */
  readonly secondaryBitmap?: true
  /** The same for a third bitmap, in dialects that have one. */
  readonly tertiaryBitmap?: true
}
