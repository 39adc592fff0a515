import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

/* `make packages` as its users have it: made twice, unpacked elsewhere, and a payment taken from nothing but the tarball. */

const { version: VERSION } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
const ASSEMBLE = fileURLToPath(new URL('../../../src/cli/package/assemble.js', import.meta.url))
const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'akart-packages-'))
t.teardown(() => rm(root, { recursive: true, force: true }))

const sums = async (name: string): Promise<string[][]> => {
  const { stdout } = await run(process.execPath, [ASSEMBLE, join(root, name)])
  return stdout.trim().split('\n').map((line) => line.split(/ +/u)) // prettier-ignore
}

const first = await sums('first')
const tarball = first.find(([, file]) => file?.endsWith('.tgz'))?.[1] ?? ''
const debian = first.find(([, file]) => file?.endsWith('.deb'))?.[1] ?? ''

t.test('the same bytes every time', async (t) => {
  const second = await sums('second')
  t.same(
    second.map(([sum]) => sum),
    first.map(([sum]) => sum),
  )
  t.equal(first.length, 3)
})

/** `akart up` of a program until `work` is done. */
async function serving(program: string, work: (iso: string, home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(root, 'home-'))
  const env = { PATH: process.env['PATH'], HOME: root }
  const ports = ['--iso-port', '0', '--http-port', '0']
  const up = spawn(process.execPath, [program, 'up', '--home', home, ...ports], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface({ input: up.stdout })) {
      const iso = /^ready iso=(\S+)/u.exec(line)?.[1]
      if (iso !== undefined) {
        up.stdout.resume()
        await work(iso, home)
        break
      }
    }
  } finally {
    up.kill('SIGTERM')
    await once(up, 'exit')
  }
}

t.test('the tarball alone, installed without a registry', async (t) => {
  const place = join(root, 'npm')
  await mkdir(place)
  await writeFile(join(place, 'package.json'), '{}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: place })
  const inside = join(place, 'node_modules', 'akart')
  await serving(join(inside, 'build/src/cli/akart.js'), async (iso, home) => {
    const simulator = join(inside, 'build/simulators/akart-sim.js')
    const payment = ['send', 'payment', '--card', 'sold', '--amount', '12.50', '--home', home, '--target', iso]
    t.match((await run(process.execPath, [simulator, ...payment])).stdout, /00/u)
    const verify = ['ledger', 'verify', '--home', home]
    t.match(
      (await run(process.execPath, [join(inside, 'build/src/cli/akart.js'), ...verify])).stdout,
      /the books agree/u,
    )
  })
  t.match(JSON.parse(await readFile(join(inside, 'sbom.cdx.json'), 'utf8')), { bomFormat: 'CycloneDX' })
})

t.test('the Debian package, unpacked', { skip: debian === '' ? 'no dpkg-deb here' : false }, async (t) => {
  const place = join(root, 'debian')
  await run('dpkg-deb', ['--extract', debian, place])
  const { stdout } = await run('dpkg-deb', ['--field', debian])
  t.match(stdout, /^Package: akart$/mu)
  await serving(join(place, 'usr/lib/akart/build/src/cli/akart.js'), async (iso) => {
    t.match(iso, /^127\.0\.0\.1:\d+$/u)
  })
})

/**
 * The machine as it is, with all writes going elsewhere: dpkg installs, its scripts create the user, and nothing of it
 * remains.
 */
const canOverlay = process.getuid?.() === 0 && existsSync('/usr/bin/unshare') && existsSync('/usr/sbin/adduser')
const inOverlay = async (place: string, script: string): Promise<string> => {
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

t.test(
  'the Debian package, installed by dpkg',
  { skip: canOverlay && debian !== '' ? false : 'needs root and dpkg' },
  async (t) => {
    const place = join(root, 'overlay')
    await mkdir(place)
    await cp(debian, join(place, 'akart.deb'))
    const said = await inOverlay(
      place,
      [
        `dpkg --install ${join(place, 'akart.deb')} >/dev/null`,
        'id -un akart && stat -c "%U %a" /var/lib/akart && stat -c "%U:%G %a" /etc/akart/environment',
        'systemd-analyze verify /lib/systemd/system/akart.service 2>&1 && echo verified',
        'cd /var/lib/akart && as() { setpriv --reuid=akart --regid=akart --clear-groups env HOME=/var/lib/akart "$@"; }',
        'as akart config check --config /etc/akart/akart.yaml && as akart init --home /var/lib/akart >/dev/null',
        // A production database as root: refused; as the user that the package made it serves.
        'if akart up --home /var/lib/akart --iso-port 0 --http-port 0 2>/tmp/root.err; then exit 1; fi; grep -o "production database as root" /tmp/root.err',
        'chown -R akart:akart /var/lib/akart',
        // Not by the function: that would be a shell of its own, which the signal would end instead.
        'serve() { rm -f /tmp/up.out; setpriv --reuid=akart --regid=akart --clear-groups env HOME=/var/lib/akart akart up --home /var/lib/akart --config /etc/akart/akart.yaml --iso-port 0 --http-port 0 > /tmp/up.out & up=$!',
        'for i in $(seq 600); do grep -qs ^ready /tmp/up.out && break; sleep 0.1; done; grep -o ^ready /tmp/up.out; kill $up; wait $up; echo "$(dpkg-query -W -f \'${Version}\' akart) ended $?"; }',
        'serve',
        // The settings and the books outlive an upgrade, and the way back.
        'echo "confirmTimeoutSeconds: 77" > /etc/akart/akart.yaml',
        `dpkg-deb --raw-extract ${join(place, 'akart.deb')} /tmp/next && sed -i "s/^Version: .*/Version: 999.0.0/" /tmp/next/DEBIAN/control && dpkg-deb -Znone --build /tmp/next /tmp/next.deb >/dev/null`,
        'dpkg --install /tmp/next.deb >/dev/null && serve',
        `dpkg --install ${join(place, 'akart.deb')} >/dev/null 2>&1 && serve`,
        'as akart config check --show --config /etc/akart/akart.yaml | grep confirmTimeoutSeconds',
        // What the service's database is, its commands know too.
        'echo "AKART_DATABASE_URL=mysql://akart@127.0.0.1/akart?tls=off&passwordFile=/etc/akart/none" > /etc/akart/environment',
        'if as akart user list --home /var/lib/akart 2>/tmp/url.err; then exit 1; fi; grep -o "passwordFile /etc/akart/none" /tmp/url.err',
        'dpkg --purge akart >/dev/null 2>&1; test -e /var/lib/akart/secrets.json && test ! -e /etc/akart && echo purged',
      ].join('\n'),
    )
    t.same(
      said
        .trim()
        .split('\n')
        .filter((line) => !/OK|defaults|the settings are right/u.test(line)),
      [
        'akart', 'akart 700', 'root:akart 640', 'verified', 'production database as root', 'ready', `${VERSION} ended 0`,
        'ready', '999.0.0 ended 0', 'ready', `${VERSION} ended 0`, 'confirmTimeoutSeconds: 77', 'passwordFile /etc/akart/none', 'purged',
      ], // prettier-ignore
    )
  },
)
