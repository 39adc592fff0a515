import type { Socket } from 'node:net'

/** One server of a cluster. */
export type DatabaseNode = { readonly host: string; readonly port: number }

/** What a node says of itself. */
export type NodeReport = {
  /** How it names itself, the same over whichever address it is reached. */
  readonly identity: string
  /** It takes writes: a member of the primary component, in step, and not read-only. */
  readonly isWritable: boolean
  /** What the data on it say of the writer; null: they have no such table yet. */
  readonly record: WriterRecord | null
}

export type WriterRecord = {
  /** The identity of the one node that is written to; empty: none has been yet. */
  readonly node: string
  readonly epoch: number
}

/** What finding the writer needs of a node; each throws what the line says. */
export type Probe = {
  readonly ask: (node: DatabaseNode) => Promise<NodeReport>
  /** Makes this node the writer where the record is still of this epoch. @returns whether it did */
  readonly claim: (node: DatabaseNode, identity: string, epoch: number) => Promise<boolean>
}

/**
 * The nodes of one database, of which one at a time is written to. Which one is a row of the database itself, so that all
 * processes agree: a process changes it only where that node does not answer or takes no writes. Everything goes to the
 * writer, reads too.
 */
export type Cluster = {
  readonly nodes: readonly DatabaseNode[]
  /** Where connections go now; looked for where it is not known. @throws NoWriter */
  readonly writer: (probe: Probe) => Promise<DatabaseNode>
  /** The node that is taken for the writer, without asking. */
  readonly current: () => DatabaseNode | null
  /** A connection to this node failed, or it said that it is not the writer: it is looked for again. */
  readonly doubt: (node: DatabaseNode) => void
  /** The same, and all connections to it end at once: whoever waits on one learns it now. */
  readonly leave: (node: DatabaseNode) => void
  /** A connection to this node; forgotten when it closes. */
  readonly opened: (node: DatabaseNode, socket: Socket) => void
}

/** Looks like a line that is gone, which it is for whoever wants to write. */
export class NoWriter extends Error {
  readonly code = 'NO_WRITER'
  readonly fatal = true
  constructor(why: readonly string[]) {
    super(`no node of the database takes writes: ${why.join('; ')}`)
  }
}

const nameOf = ({ host, port }: DatabaseNode): string => `${host}:${port}`

export function createCluster(nodes: readonly DatabaseNode[]): Cluster {
  let current: DatabaseNode | null = null
  let finding: Promise<DatabaseNode> | null = null
  const sockets = new Map<string, Set<Socket>>(nodes.map((node) => [nameOf(node), new Set()]))

  const doubt = (node: DatabaseNode): void => {
    if (current !== null && nameOf(current) === nameOf(node)) current = null
  }

  return {
    nodes,
    async writer(probe) {
      if (current !== null) return current
      finding ??= findWriter(nodes, probe).finally(() => {
        finding = null
      })
      current = await finding
      return current
    },
    current: () => current,
    doubt,
    leave(node) {
      doubt(node)
      for (const socket of sockets.get(nameOf(node)) ?? []) socket.destroy(new NoWriter([`${nameOf(node)} was left`]))
    },
    opened(node, socket) {
      const open = sockets.get(nameOf(node))
      open?.add(socket)
      socket.once('close', () => open?.delete(socket))
    },
  }
}

/** 1045 wrong password, 1049 no such database: what every node would say. */
const isRefusal = (error: unknown): boolean => [1045, 1049].includes((error as { errno?: number }).errno ?? 0)

type Answered = { readonly node: DatabaseNode; readonly report: NodeReport }

/**
 * The node of the record where it answers and takes writes. Else the first one that does, in the order of the URL, becomes
 * the writer: the record is replicated, so that of two processes that change it at once only one succeeds.
 */
async function findWriter(nodes: readonly DatabaseNode[], probe: Probe): Promise<DatabaseNode> {
  const why: string[] = []
  let refused: unknown = null
  const answered: Answered[] = []
  await Promise.all(
    nodes.map(async (node) => {
      try {
        answered.push({ node, report: await probe.ask(node) })
      } catch (error) {
        if (isRefusal(error)) refused ??= error
        why.push(`${nameOf(node)} ${error instanceof Error ? error.message : String(error)}`)
      }
    }),
  )
  const writable = nodes.flatMap((node) => answered.find((one) => one.node === node && one.report.isWritable) ?? [])
  for (const { node, report } of answered) if (!report.isWritable) why.push(`${nameOf(node)} takes no writes`)
  const [first] = writable
  if (first === undefined) throw refused ?? new NoWriter(why)
  // Nodes that are behind may know an older record.
  const [newest] = writable.flatMap(({ report: { record } }) => record ?? []).sort((a, b) => b.epoch - a.epoch)
  if (newest === undefined) return first.node
  const known = writable.find(({ report }) => report.identity === newest.node)
  if (known !== undefined) return known.node
  const claimed = await probe.claim(first.node, first.report.identity, newest.epoch)
  if (!claimed) throw new NoWriter([...why, 'another process is changing the writer'])
  return first.node
}
