import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { bootstrapDataDirectory } from '../../src/home/mariadb-bootstrap.ts'
import {
  commonArguments,
  findMariadb,
  temporaryDirectory,
  type MariadbProgram,
} from '../../src/home/mariadb-program.ts'

/*
 * A Galera cluster of three nodes as an operator sets one up with docs/scaling.md, each in a network namespace of its own,
 * so that one can be cut off from the others as by a pulled cable. Its files are in a directory of the caller's.
 */

const PROVIDER = '/usr/lib/galera/libgalera_smm.so'
/** `make cluster-test` puts the scripts of Debian's package mariadb-server there. */
const SCRIPTS = fileURLToPath(new URL('../../cluster/usr/bin', import.meta.url))
const NETWORK = '10.77.0'
const BRIDGE = 'akart0'

/** Why no cluster can run here; null: one can. */
export async function whyNoCluster(): Promise<string | null> {
  if (!(await isThere(PROVIDER)))
    return `${PROVIDER} is not there (Debian's package galera-4; make cluster-test installs it)`
  if (!(await isThere(join(SCRIPTS, 'wsrep_sst_rsync')))) return `${SCRIPTS} is not there; make cluster-test makes it`
  if (spawnSync('my_print_defaults', ['--version']).error !== undefined)
    return "my_print_defaults is not there, with which a node asks for its data (Debian's package mariadb-client-core)"
  const links = run('ip', ['-o', 'link'])
  if (links.some((line) => /^\d+: (?:eth|ens|enp|wl)/u.test(line)))
    return 'make cluster-test runs it in a network of its own'
  return null
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** A state transfer as root fails (rsync's daemon drops its rights): the servers run as nobody. */
const USER = process.getuid?.() === 0 ? 'nobody' : null
const serverOptions = (program: MariadbProgram, data: string): string[] => [
  ...commonArguments(program, data).filter((option) => option !== '--user=root'),
  ...(USER === null ? [] : [`--user=${USER}`]),
]

function run(command: string, options: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(command, options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${options.join(' ')}: ${stderr}`)
  return stdout.split('\n')
}

export type ClusterNode = {
  readonly name: string
  readonly host: string
  readonly process: () => ChildProcess
  /** `first`: it starts a new cluster with its data. */
  readonly start: (first?: boolean) => Promise<void>
  readonly signal: (signal: NodeJS.Signals) => void
  /** SIGKILL, and its end. */
  readonly kill: () => Promise<void>
  /** Pulls the cable, or puts it back. */
  readonly cable: (state: 'up' | 'down') => void
  /** One status variable of Galera, read over the socket, which also works without the cable. */
  readonly status: (name: string) => Promise<string>
  readonly untilSynced: () => Promise<void>
  readonly connect: () => Promise<Connection>
  /** The position of a stopped node's data in the cluster's history, read from its files. */
  readonly recovered: () => Promise<string>
}

export async function startCluster(
  directory: string,
): Promise<{ nodes: readonly ClusterNode[]; stop: () => Promise<void> }> {
  run('ip', ['link', 'set', 'lo', 'up'])
  run('ip', ['link', 'add', BRIDGE, 'type', 'bridge'])
  run('ip', ['addr', 'add', `${NETWORK}.254/24`, 'dev', BRIDGE])
  run('ip', ['link', 'set', BRIDGE, 'up'])
  const program = await findMariadb()
  const nodes = [1, 2, 3].map((n) => clusterNode(program, directory, n))
  const [one, two, three] = nodes
  if (one === undefined || two === undefined || three === undefined) throw new Error('three')
  await mkdir(directory, { recursive: true })
  await bootstrapDataDirectory(program, join(directory, 'n1'), { logFileSize: '32M' })
  await one.start(true)
  one.signal('SIGTERM')
  await once(one.process(), 'exit')
  // The others begin with the same data, so that no whole copy has to be sent.
  for (const name of ['n2', 'n3']) {
    await cp(join(directory, 'n1'), join(directory, name), { recursive: true })
    for (const own of ['galera.cache', 'gvwstate.dat']) await rm(join(directory, name, own), { force: true })
  }
  const stop = async (): Promise<void> => {
    for (const node of nodes) await node.kill()
    run('ip', ['link', 'del', BRIDGE])
  }
  try {
    await one.start(true)
    await two.start()
    await three.start()
  } catch (error) {
    // A node that runs on would keep the test from ending.
    await stop()
    throw error
  }
  return { nodes, stop }
}

/** In a network namespace of its own, from the moment when it has its end of the cable. */
const IN_NAMESPACE = `ip link set lo up; echo here; read -r _
ip addr add "$0/24" dev eth0 && ip link set eth0 up && exec "$@"`

function clusterNode(program: MariadbProgram, directory: string, n: number): ClusterNode {
  const name = `n${n}`
  const host = `${NETWORK}.${n}`
  const data = join(directory, name)
  const socketPath = join(directory, `${name}.sock`)
  const end = `akart-n${n}`
  let child: ChildProcess | null = null
  const process = (): ChildProcess => {
    if (child === null) throw new Error(`${name} was never started`)
    return child
  }
  const connect = (): Promise<Connection> => mysql.createConnection({ socketPath, user: 'root' })
  const status = async (variable: string): Promise<string> => {
    const connection = await connect()
    try {
      const [rows] = await connection.query<RowDataPacket[]>('SHOW GLOBAL STATUS LIKE ?', [variable])
      return String(rows[0]?.['Value'])
    } finally {
      connection.destroy()
    }
  }
  const untilSynced = async (): Promise<void> => {
    for (let i = 0; i < 600; i++) {
      if (process().exitCode !== null || process().signalCode !== null)
        throw new Error(`${name} ended, see ${directory}/${name}.err`)
      const state = await status('wsrep_local_state_comment').catch(() => '')
      if (state === 'Synced' && (await status('wsrep_ready').catch(() => '')) === 'ON') return
      await sleep(100)
    }
    throw new Error(`${name} does not join, see ${directory}/${name}.err`)
  }
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const recovered = async (): Promise<string> => {
    const log = join(directory, `${name}.recover`)
    const options = [
      ...serverOptions(program, data),
      ...SETTINGS,
      `--wsrep-provider=${PROVIDER}`,
      '--wsrep-cluster-address=gcomm://',
      '--wsrep-recover',
      '--skip-networking',
      `--socket=${directory}/${name}.recover.sock`,
      `--log-error=${log}`,
    ]
    const recovering = spawn(program.mariadbd, options, { stdio: 'ignore' })
    await once(recovering, 'exit')
    const found = run('grep', ['-o', 'Recovered position: .*', log]).at(-2)
    return found?.replace('Recovered position: ', '').trim() ?? ''
  }

  return {
    name,
    host,
    process,
    connect,
    status,
    untilSynced,
    kill,
    recovered,
    signal: (signal) => void process().kill(signal),
    cable: (state) => void run('ip', ['link', 'set', end, state]),
    async start(first = false) {
      await mkdir(temporaryDirectory(data), { recursive: true })
      if (USER !== null) run('chown', ['-R', USER, directory])
      if (first) await beginAnew(data)
      const position = child === null || child.signalCode === null ? null : await recovered()
      const options = [
        ...serverOptions(program, data),
        ...SETTINGS,
        `--socket=${socketPath}`,
        `--log-error=${directory}/${name}.err`,
        `--pid-file=${directory}/${name}.pid`,
        `--wsrep-provider=${PROVIDER}`,
        `--wsrep-cluster-address=gcomm://${first ? '' : [1, 2, 3].map((i) => `${NETWORK}.${i}`).join(',')}`,
        `--wsrep-node-address=${host}`,
        `--wsrep-node-name=${name}`,
        ...(position === null ? [] : [`--wsrep-start-position=${position}`]),
      ]
      child = spawn(
        'unshare',
        ['--net', '--uts', 'bash', '-c', `hostname akart-${name}; ${IN_NAMESPACE}`, host, program.mariadbd, ...options],
        {
          stdio: ['pipe', 'pipe', 'ignore'],
          env: { ...globalThis.process.env, PATH: `${SCRIPTS}:${globalThis.process.env['PATH'] ?? ''}` },
        },
      )
      const { stdout, stdin, pid } = child
      if (stdout === null || stdin === null) throw new Error('pipes')
      for await (const line of createInterface({ input: stdout })) if (line === 'here') break
      // The kernel takes the link of a namespace away some time after its last process has ended: on a busy machine it is still there.
      spawnSync('ip', ['link', 'del', end])
      run('ip', ['link', 'add', end, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)])
      run('ip', ['link', 'set', end, 'master', BRIDGE, 'up'])
      stdin.end('\n')
      await untilSynced()
    },
  }
}

/** The step of docs/scaling.md after all nodes were killed. */
async function beginAnew(data: string): Promise<void> {
  const file = join(data, 'grastate.dat')
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text !== null) await writeFile(file, text.replace('safe_to_bootstrap: 0', 'safe_to_bootstrap: 1'))
}

/** config/galera.cnf, and settings that keep three nodes small. */
const SETTINGS = [
  '--wsrep-on=ON',
  '--wsrep-cluster-name=akart',
  '--wsrep-sst-method=rsync',
  '--wsrep-provider-options=gcache.size=256M;evs.suspect_timeout=PT1.5S;evs.inactive_timeout=PT3S;evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.3S',
  '--innodb-autoinc-lock-mode=2',
  '--binlog-format=ROW',
  '--innodb-rollback-on-timeout=ON',
  '--innodb-flush-log-at-trx-commit=1',
  '--sync-binlog=1',
  '--transaction-isolation=READ-COMMITTED',
  '--max-allowed-packet=64M',
  '--max-connections=200',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_ci',
  '--innodb-log-file-size=32M',
  '--innodb-buffer-pool-size=128M',
  '--performance-schema=OFF',
]
