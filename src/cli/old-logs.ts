import type { OldLogs } from '../office/card-key-rotation.ts'

const MIB = 2 ** 20

/**
 * Says where old sealed numbers remain after a rotation, and until when. `docs/operations.md` says what to do about it.
 */
export function oldLogsLines({ position, binaryLog }: OldLogs): string[] {
  const lines =
    position === null
      ? ['The redo log still has old seals until it has been written over once.']
      : [
          `The redo log still has old seals until ${Math.ceil((position.until - position.now) / MIB)} MiB more are written to it:`,
          `until ${position.name} (SHOW GLOBAL STATUS), now ${position.now}, has reached ${position.until}.`,
        ]
  return binaryLog ? [...lines, 'The binary log has them until its files up to now are purged.'] : lines
}
