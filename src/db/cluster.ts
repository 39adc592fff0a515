import type { Socket } from 'node:net'

/** One server of a cluster. */
export type DatabaseNode = { readonly host: string; readonly port: number }

/** A node's report of its state. */
export type NodeReport = {
  /** How it names itself, the same over whichever address it is reached. */
  readonly identity: string
  /** Whether it accepts writes: a member of the primary component, synchronised, and not read-only. */
  readonly isWritable: boolean
  /** The record of the writer in its data; null: the table does not exist yet. */
  readonly record: WriterRecord | null
}

export type WriterRecord = {
  /** The identity of the one node that is written to; empty: none has been yet. */
  readonly node: string
  readonly epoch: number
}

/** The questions to a node that are needed to find the writer; each throws the error of the connection. */
export type Probe = {
  readonly ask: (node: DatabaseNode) => Promise<NodeReport>
  /** Makes this node the writer where the record is still of this epoch. @returns whether it did */
  readonly claim: (node: DatabaseNode, identity: string, epoch: number) => Promise<boolean>
}

/**
 * The nodes of one database, of which one at a time is the writer. The writer is recorded in a row of the database
 * itself, so that all processes agree; a process changes it only if that node does not answer or is read-only. Reads go
 * to the writer too.
 */
export type Cluster = {
  readonly nodes: readonly DatabaseNode[]
  /** The node to which connections go now; it is searched for if unknown. @throws NoWriter */
  readonly writer: (probe: Probe) => Promise<DatabaseNode>
  /** The node that is taken for the writer, without asking. */
  readonly current: () => DatabaseNode | null
  /** A connection to this node failed, or the node is no longer the writer: the writer is determined again. */
  readonly doubt: (node: DatabaseNode) => void
  /** The same, and closes all connections to it, so that waiting callers fail at once. */
  readonly leave: (node: DatabaseNode) => void
  /** A connection to this node, from the moment when it is being opened; forgotten when it closes. */
  readonly connects: (node: DatabaseNode, socket: Socket) => void
}

/** Handled like a lost connection. */
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
    connects(node, socket) {
      const open = sockets.get(nameOf(node))
      open?.add(socket)
      socket.once('close', () => open?.delete(socket))
    },
  }
}

/** 1045 wrong password, 1049 no such database: every node would give this error. */
const isRefusal = (error: unknown): boolean => [1045, 1049].includes((error as { errno?: number }).errno ?? 0)

type Answered = { readonly node: DatabaseNode; readonly report: NodeReport }
type Asked = { readonly answered: readonly Answered[]; readonly why: readonly string[]; readonly refused: unknown }

/** Asks all of these nodes at once, in the order of the URL. */
async function askAll(nodes: readonly DatabaseNode[], probe: Probe): Promise<Asked> {
  const why: string[] = []
  let refused: unknown = null
  const answers = await Promise.all(
    nodes.map(async (node): Promise<Answered | null> => {
      try {
        return { node, report: await probe.ask(node) }
      } catch (error) {
        if (isRefusal(error)) refused ??= error
        why.push(`${nameOf(node)} ${error instanceof Error ? error.message : String(error)}`)
        return null
      }
    }),
  )
  const answered = answers.flatMap((one) => one ?? [])
  for (const { node, report } of answered) if (!report.isWritable) why.push(`${nameOf(node)} takes no writes`)
  return { answered: answered.filter(({ report }) => report.isWritable), why, refused }
}

/** Nodes that are behind may know an older record. */
const newestOf = (answered: readonly Answered[]): WriterRecord | null =>
  answered.flatMap(({ report: { record } }) => record ?? []).sort((a, b) => b.epoch - a.epoch)[0] ?? null

const nodeOf = (answered: readonly Answered[], record: WriterRecord): DatabaseNode | null =>
  answered.find(({ report }) => report.identity === record.node)?.node ?? null

/**
 * The node of the record where it answers and takes writes. Else one of those that do becomes the writer, the same one for
 * all processes, whatever order their URLs have: claims on two nodes at once would cost one of them its transaction.
 * The record is replicated, so that of two processes that change it at once only one succeeds; the other one
 * asks again, but not who was silent just now.
 */
async function findWriter(nodes: readonly DatabaseNode[], probe: Probe): Promise<DatabaseNode> {
  const { answered, why, refused } = await askAll(nodes, probe)
  if (answered.length === 0) throw refused ?? new NoWriter(why)
  const next = answered.reduce((one, other) => (other.report.identity < one.report.identity ? other : one))
  const record = newestOf(answered)
  if (record === null) return next.node
  const known = nodeOf(answered, record)
  if (known !== null) return known
  if (await probe.claim(next.node, next.report.identity, record.epoch)) return next.node
  const again = await askAll(answered.map(({ node }) => node), probe) // prettier-ignore
  const changed = newestOf(again.answered)
  const taken = changed === null ? null : nodeOf(again.answered, changed)
  if (taken === null) throw new NoWriter([...why, ...again.why, 'another process is changing the writer'])
  return taken
}
