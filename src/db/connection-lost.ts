/** An error of the line, not of a statement: what the server did is not known. */
export function isConnectionLost(error: unknown): boolean {
  const { errno, fatal } = error as { errno?: unknown; fatal?: unknown }
  return fatal === true || typeof errno !== 'number' || errno < 0 || LOST.has(errno)
}

/** 1053 shutdown, 1927 connection killed, 2006 and 2013 gone, 4031 and 1159/1161 network; negative ones are the system's. */
const LOST: ReadonlySet<number> = new Set([1053, 1159, 1161, 1317, 1927, 2006, 2013, 4031])

/** 1047 not in the primary component, 1290, 1792 and 1836 read-only: this node writes nothing now, another one may. */
export function isNotWriter(error: unknown): boolean {
  const { errno } = error as { errno?: unknown }
  return typeof errno === 'number' && NOT_WRITER.has(errno)
}

const NOT_WRITER: ReadonlySet<number> = new Set([1047, 1290, 1792, 1836])
