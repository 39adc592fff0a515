import { stringify } from 'csv-stringify/sync'
import { CSV_WRITTEN } from './csv-lines.ts'
import type { Cell } from './xlsx.ts'
import { xlsxWriter } from './xlsx.ts'

/** A writer of table files, piece by piece: each call returns the finished part. */
export type TableWriter = {
  readonly write: (rows: readonly (readonly Cell[])[]) => Buffer
  readonly end: () => Buffer
}

export const FILE_FORMATS = ['csv', 'xlsx'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

function csvWriter(): TableWriter {
  let begun = false
  return {
    write(rows) {
      const text = stringify(
        rows.map((row) => [...row]),
        { ...CSV_WRITTEN, bom: !begun },
      )
      begun = true
      return Buffer.from(text)
    },
    end: () => Buffer.alloc(0),
  }
}

export const WRITERS = { csv: csvWriter, xlsx: xlsxWriter } as const satisfies Record<FileFormat, () => TableWriter>
