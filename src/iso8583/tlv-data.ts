import { fault } from './cursor.ts'
import type { Data } from './data.ts'
import { readTlv } from './tlv.ts'

/** Binary data that must be BER-TLV; the value is the whole data. A fault points to the wrong tag. */
export const tlvData = (binary: Data): Data => ({
  ...binary,
  read(cursor, units) {
    const from = cursor.at
    const value = binary.read(cursor, units)
    if (cursor.fault !== null) return value
    const read = readTlv(Buffer.from(value, 'hex'))
    return read.kind === 'tlv' ? value : fault(cursor, 'tag', from + binary.size(read.offset))
  },
  write: (target, at, value, units) =>
    readTlv(Buffer.from(value, 'hex')).kind === 'tlv' && binary.write(target, at, value, units),
})
