/** The parts in use of the npm package `iso_8583` 2.6.7, which has no types. Failures come back as `{ error }`. */
declare module 'iso_8583' {
  export interface FieldFormat {
    ContentType: string
    Label?: string
    LenType: 'fixed' | 'llvar' | 'lllvar' | 'llllvar' | 'lllllvar' | 'llllllvar'
    /** Characters; for `b` hex digits; for `x+n` the sign counted. */
    MaxLen: number
    MinLen?: number
  }
  /** By element number, `0` the MTI; `127.25.1` for parts of 127. */
  export type Message = Record<string | number, string>
  export type Failure = { error: string }
  class Iso8583 {
    constructor(message?: Message, customFormats?: Record<string, FieldFormat>, requiredFieldsSchema?: unknown)
    MsgType: string | null
    Msg: Message
    formats: Record<string, FieldFormat>
    /** With a length of two bytes in front. */
    getBufferMessage(): Buffer | Failure
    getRawMessage(): Buffer | Failure
    getIsoJSON(incoming: Buffer, config?: { lenHeader?: boolean; strict?: boolean }): Message | Failure
    validateMessage(): boolean | Failure
    static getFieldDescription(
      fields: number | string | (number | string)[],
      customFormats?: Record<string, FieldFormat>,
    ): Record<string, string>
  }
  export default Iso8583
}

/** Its dictionary, by element number. */
declare module 'iso_8583/lib/formats.js' {
  import type { FieldFormat } from 'iso_8583'
  const formats: Record<string, FieldFormat>
  export default formats
}
