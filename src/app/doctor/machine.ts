import { readFileSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { MASTERS_FILE, SECRETS_FILE } from '../../home/home-directory.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

type Version = readonly [number, number, number]

const versionIn = (text: string): Version => {
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/u.exec(text) ?? []
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)]
}

const isAtLeast = (one: Version, other: Version): boolean => {
  const at = one.findIndex((part, i) => part !== other[i])
  return at === -1 || (one[at] ?? 0) > (other[at] ?? 0)
}

/** Reads `^20.19.0 || >=24.0.0`: the same major version and not older, or any version that is not older. */
const isTaken = (running: Version, engines: string): boolean =>
  engines.split('||').some((range) => {
    const oldest = versionIn(range)
    return isAtLeast(running, oldest) && (range.includes('>=') || running[0] === oldest[0])
  })

/** Compares the running version of Node with those that package.json permits. */
export function nodeFinding(running = process.versions.node): Finding {
  const file = new URL('../../../../package.json', import.meta.url)
  const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } }
  return isTaken(versionIn(running), engines.node)
    ? ok('node', `version ${running}`)
    : fail('node', `version ${running}; Akart needs ${engines.node}`, 'install one of those')
}

const GIGABYTE = 2 ** 30
/** With less free space the log and a private database can fill the disk within a day of trading. */
const ROOM = { warn: 5 * GIGABYTE, fail: GIGABYTE / 4 }

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/** Checks the free space on the disk of the home directory. */
export async function diskFinding(directory: string, free = freeBytes): Promise<Finding> {
  const room = await free(directory)
  const text = `${(room / GIGABYTE).toFixed(1)} GB free in ${directory}`
  if (room < ROOM.fail) return fail('disk', text, 'make room: without it nothing is approved')
  return room < ROOM.warn ? warn('disk', text, 'make room soon; log.maxFiles bounds the log') : ok('disk', text)
}

/** Files that only their owner may read, and the mode that each should have. */
const PRIVATE = [
  ['', 0o700],
  [SECRETS_FILE, 0o600],
  [MASTERS_FILE, 0o600],
] as const

/** Checks that the home's directory and secrets exist and that only their owner can read them. */
export async function permissionFindings(directory: string): Promise<Finding[]> {
  const findings = await Promise.all(
    PRIVATE.map(async ([name, mode]) => {
      const path = name === '' ? directory : join(directory, name)
      const found = await stat(path).catch(() => null)
      if (found === null) return null
      const isOpen = (found.mode & 0o077) !== 0
      const text = `${path} has mode ${(found.mode & 0o777).toString(8).padStart(4, '0')}`
      return isOpen
        ? fail('permissions', `${text}: others can read it`, `chmod ${mode.toString(8).padStart(4, '0')} ${path}`)
        : ok('permissions', text)
    }),
  )
  return findings.filter((finding) => finding !== null)
}

/** Akart never needs root, and as root an intruder would control the machine. */
export const rootFinding = (uid = process.getuid?.() ?? -1): Finding =>
  uid === 0
    ? warn(
        'user',
        'this is root',
        'run Akart as a user of its own (docs/installing.md); akart up refuses root outside a demo',
      )
    : ok('user', `user ${uid}, not root`)
