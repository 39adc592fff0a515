/** The log file: rotated by size, and never a reason to fail. */

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Writable } from 'node:stream'

export type LogFileSettings = {
  readonly file: string
  /** Bytes at which the file becomes `file.1`, `file.1` becomes `file.2` and so on. */
  readonly maxSize: number
  /** Files at most, the one that is written to included. */
  readonly maxFiles: number
}

// Lines that wait for the disk; beyond it lines are dropped, since a disk that hangs must not fill the memory.
const WAITING_AT_MOST = 16 * 1024 * 1024
const WRITE_AT_MOST = 1024 * 1024
const AGAIN_MS = 1_000

/**
 * A log file that never fails and never blocks. Lines that the disk does not take are dropped and counted; `trouble` is
 * called once, and the file notes the number of lost lines as soon as there is room again. Winston's own file transport
 * stops for ever at the first failed write and keeps later lines in memory (decision 0090).
 *
 * @throws if the file cannot be opened at all
 */
export function openLogFile(settings: LogFileSettings, trouble: (what: string) => void): Writable {
  mkdirSync(dirname(settings.file), { recursive: true, mode: 0o700 })
  closeSync(openSync(settings.file, 'a', 0o600))
  const target = openTarget(settings)
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let lost = 0
  let failedAt: number | null = null
  let writing: Promise<void> | null = null

  const drop = (lines: readonly Buffer[], error: unknown): void => {
    if (failedAt === null) trouble(`the log can't be written (${codeOf(error)}); its lines are dropped until it can`)
    failedAt = performance.now()
    lost += lines.length
  }

  const write = async (lines: readonly Buffer[]): Promise<void> => {
    if (failedAt !== null && performance.now() - failedAt < AGAIN_MS) return void (lost += lines.length)
    try {
      if (lost > 0) {
        await target.append(lostLine(lost))
        lost = 0
      }
      await target.append(Buffer.concat(lines))
      failedAt = null
    } catch (error) {
      drop(lines, error)
    }
  }

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = take(waiting)
      waiting = waiting.slice(lines.length)
      waitingBytes -= lines.reduce((sum, line) => sum + line.length, 0)
      await write(lines)
    }
    writing = null
  }

  return new Writable({
    write(line: Buffer, _encoding, done) {
      if (waitingBytes + line.length > WAITING_AT_MOST) {
        lost++
      } else {
        waiting.push(line)
        waitingBytes += line.length
        writing ??= writeAll()
      }
      done()
    },
    final(done) {
      void closeAfter(writing, target).finally(done)
    },
  })
}

async function closeAfter(writing: Promise<void> | null, target: Target): Promise<void> {
  await writing
  // A failed write was already reported.
  await target.close().catch(() => {})
}

/** As many lines as one write may have. */
function take(waiting: readonly Buffer[]): readonly Buffer[] {
  let bytes = 0
  const end = waiting.findIndex((line) => (bytes += line.length) > WRITE_AT_MOST)
  return end === -1 ? waiting : waiting.slice(0, Math.max(1, end))
}

const lostLine = (lost: number): Buffer =>
  Buffer.from(
    `${JSON.stringify({ level: 'error', message: 'lines of the log are lost', lost, timestamp: new Date().toISOString() })}\n`,
  )

type Target = { readonly append: (bytes: Buffer) => Promise<void>; readonly close: () => Promise<void> }

/** The open file: turned over when it is full, and begun on a new line after a write that the disk broke off. */
function openTarget({ file, maxSize, maxFiles }: LogFileSettings): Target {
  let handle: FileHandle | null = null
  let size = 0
  let broken = false

  const close = async (): Promise<void> => {
    const closing = handle
    handle = null
    await closing?.close()
  }
  const openAgain = async (): Promise<FileHandle> => {
    const opened = await open(file, 'a', 0o600)
    size = (await opened.stat()).size
    return (handle = opened)
  }

  return {
    close,
    async append(bytes) {
      let to = handle ?? (await openAgain())
      if (size > 0 && size + bytes.length > maxSize) {
        await close()
        await turnOver(file, maxFiles)
        to = await openAgain()
      }
      const whole = broken ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes
      let done = 0
      try {
        while (done < whole.length) done += (await to.write(whole, done)).bytesWritten
        broken = false
      } catch (error) {
        broken ||= done > 0
        // Opened again for the next try, because the file may be gone together with its disk.
        await close().catch(() => {})
        throw error
      }
      size += done
    },
  }
}

/** `log.1` becomes `log.2` and so on, the oldest is deleted. Another program may have taken one of them away. */
async function turnOver(file: string, maxFiles: number): Promise<void> {
  const names = Array.from({ length: maxFiles }, (_, i) => (i === 0 ? file : `${file}.${i}`))
  await rm(names.at(-1) ?? file, { force: true })
  for (let i = names.length - 1; i > 0; i--) {
    await rename(names[i - 1] ?? file, names[i] ?? file).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
