import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './made.ts'

/** Why no disposable machine can be made; false: one can. */
export const whyNoScratchMachine: false | string =
  process.getuid?.() === 0 &&
  ['/usr/bin/unshare', '/usr/sbin/adduser', '/usr/bin/dpkg-deb'].every((file) => existsSync(file))
    ? false
    : 'needs root, unshare, adduser and dpkg-deb'

/**
 * The present machine, with all writes redirected: dpkg installs, its scripts create the user, and nothing of it remains
 * afterwards.
 */
async function inOverlay(place: string, script: string): Promise<string> {
  const [upper, work, merged] = ['upper', 'work', 'merged'].map((name) => join(place, name))
  for (const directory of [upper, work, merged]) await mkdir(directory ?? '', { recursive: true })
  const mounted = [
    `mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${merged}`,
    `mount -t proc proc ${merged}/proc`,
    `mount --bind /dev ${merged}/dev`,
    `chroot ${merged} bash -euc "$0"`,
  ].join(' && ')
  const { stdout } = await run('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', mounted, script])
  return stdout
}

/** Where the package lies on that machine. */
export const PACKAGE = '/tmp/akart.deb'

/** dpkg's scripts find a systemd, which `scratch-systemctl.sh` stands for. */
const SET_UP = [
  'chmod 1777 /tmp',
  'mkdir -p /run/systemd/system && install -m 755 /tmp/systemctl /usr/local/bin/systemctl && : > /tmp/units',
  // This root is thrown away: dpkg need not wait for the disk after each file.
  'echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/scratch',
  // Until the service says so, a minute at most.
  'serves() { for _ in $(seq 600); do if grep -qs ^ready /tmp/up.out; then echo serves; return; fi; sleep 0.1; done; cat /tmp/up.err; return 1; }',
  // What was done with the service since the last time.
  'units() { cat /tmp/units; : > /tmp/units; }',
  'as() { cd /var/lib/akart; setpriv --reuid=akart --regid=akart --clear-groups env HOME=/var/lib/akart "$@"; }',
]

/** @returns what the lines say, without what commands say of themselves */
export async function onScratchMachine(place: string, debian: string, lines: readonly string[]): Promise<string[]> {
  const inside = join(place, 'upper', 'tmp')
  await mkdir(inside, { recursive: true })
  await cp(debian, join(place, 'upper', PACKAGE))
  await cp('test/cli/package/scratch-systemctl.sh', join(inside, 'systemctl'))
  const said = await inOverlay(place, [...SET_UP, ...lines].join('\n'))
  return said.trim().split('\n').filter((line) => !/OK|defaults|the settings are right/u.test(line)) // prettier-ignore
}
