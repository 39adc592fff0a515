/** A packet of a capture file. `time` in microseconds since 1970, null where none was noted. */
export type Packet = {
  /** As other programs count them: from 1. */
  readonly number: number
  readonly time: number | null
  readonly linkType: number
  readonly bytes: Buffer
}

/** The packets up to the unreadable part of the file; `problem` is the fault there. */
export type Capture = { readonly packets: Packet[]; readonly problem: string | null }
