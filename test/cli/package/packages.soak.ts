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
    await cp('test/cli/package/scratch-systemctl.sh', join(place, 'systemctl'))
    const [deb, noted] = [join(place, 'akart.deb'), '/run/akart-stopped-for-update']
    /** The package as another version. */
    const as = (version: string): string =>
      `find /tmp/raw -name package.json -path "*/lib/akart/package.json" -exec sed -i 's/"version": "[^"]*"/"version": "${version}"/' {} + && sed -i "s/^Version: .*/Version: ${version}/" /tmp/raw/DEBIAN/control && dpkg-deb -Znone --build /tmp/raw /tmp/${version}.deb >/dev/null`
    const said = await inOverlay(
      place,
      [
        `mkdir -p /run/systemd/system && install -m 755 ${join(place, 'systemctl')} /usr/local/bin/systemctl`,
        // This root is thrown away: dpkg need not wait for the disk after each file.
        'echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/scratch',
        'serves() { for _ in $(seq 600); do if grep -qs ^ready /tmp/up.out; then echo serves; return; fi; sleep 0.1; done; cat /tmp/up.err; return 1; }',
        'units() { cat /tmp/units; : > /tmp/units; }; : > /tmp/units',
        `dpkg --install ${deb} >/dev/null`,
        'id -un akart && stat -c "%U %a" /var/lib/akart && stat -c "%U:%G %a" /etc/akart/environment',
        'systemd-analyze verify /lib/systemd/system/akart.service 2>&1 && systemd-analyze verify /lib/systemd/system/akart@.service 2>&1 && echo verified',
        'cd /var/lib/akart && as() { setpriv --reuid=akart --regid=akart --clear-groups env HOME=/var/lib/akart "$@"; }',
        'as akart config check --config /etc/akart/akart.yaml && as akart init --home /var/lib/akart >/dev/null',
        // A production database as root: refused; as the user that the package made it serves.
        'if akart up --home /var/lib/akart --iso-port 0 --http-port 0 2>/tmp/root.err; then exit 1; fi; grep -o "production database as root" /tmp/root.err',
        'chown -R akart:akart /var/lib/akart',
        'systemctl enable --quiet akart.service akart@2.service && systemctl start akart.service && units && serves',
        // An update: no process sees files of two versions. The settings and the books outlive it, and the way back.
        'echo "confirmTimeoutSeconds: 77" > /etc/akart/akart.yaml',
        `dpkg-deb --raw-extract ${deb} /tmp/raw && ${as('999.0.0')}`,
        `dpkg --install /tmp/999.0.0.deb >/dev/null && units && serves && test ! -e ${noted}`,
        // One that is not possible (a file of another package): the old version runs again.
        `mkdir -p /tmp/raw/usr/bin && cp /usr/bin/env /tmp/raw/usr/bin/env && ${as('999.1.0')}`,
        `if dpkg --install /tmp/999.1.0.deb >/dev/null 2>/tmp/broken.err; then exit 1; fi; grep -o "trying to overwrite" /tmp/broken.err; units; serves; test ! -e ${noted}`,
        `dpkg --install ${deb} >/dev/null 2>&1 && units && serves`,
        'as akart config check --show --config /etc/akart/akart.yaml | grep confirmTimeoutSeconds',
        // What could not be started is started with the next package.
        'ln -s /dev/null /etc/systemd/system/akart.service',
        `if dpkg --install /tmp/999.0.0.deb >/dev/null 2>&1; then exit 1; fi; cat ${noted}; units`,
        'rm /etc/systemd/system/akart.service',
        `dpkg --install ${deb} >/dev/null 2>&1 && units && serves`,
        // What somebody stopped stays so.
        `systemctl stop akart.service && dpkg --install /tmp/999.0.0.deb >/dev/null && units`,
        // What the service's database is, its commands know too.
        'echo "AKART_DATABASE_URL=mysql://akart@127.0.0.1/akart?tls=off&passwordFile=/etc/akart/none" > /etc/akart/environment',
        'if as akart user list --home /var/lib/akart 2>/tmp/url.err; then exit 1; fi; grep -o "passwordFile /etc/akart/none" /tmp/url.err',
        'echo > /etc/akart/environment && systemctl start akart.service && serves',
        'dpkg --purge akart >/dev/null 2>&1; test -e /var/lib/akart/secrets.json && test ! -e /etc/akart && units',
        'find /etc/systemd/system -name "akart*" && echo purged',
      ].join('\n'),
    )
    t.same(
      said
        .trim()
        .split('\n')
        .filter((line) => !/OK|defaults|the settings are right/u.test(line)),
      [
        'akart', 'akart 700', 'root:akart 640', 'verified', 'production database as root', `started ${VERSION}`, 'serves',
        'ended 0', `stopped ${VERSION}`, 'started 999.0.0', 'serves',
        'trying to overwrite', 'ended 0', 'stopped 999.0.0', 'started 999.0.0', 'serves',
        'ended 0', 'stopped 999.0.0', `started ${VERSION}`, 'serves', 'confirmTimeoutSeconds: 77',
        'akart.service', 'ended 0', `stopped ${VERSION}`,
        `started ${VERSION}`, 'serves',
        'ended 0', `stopped ${VERSION}`,
        'passwordFile /etc/akart/none',
        'serves', 'started 999.0.0', 'ended 0', 'stopped 999.0.0', 'purged',
      ], // prettier-ignore
    )
  },
)
