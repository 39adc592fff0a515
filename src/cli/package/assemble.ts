import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync, copyFileSync, cpSync, lutimesSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs' // prettier-ignore
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bill } from './bill-of-materials.ts'

/**
 * `node build/src/cli/package/assemble.js [DIRECTORY]` builds packages of Akart that install without a checkout, a
 * compiler or a registry, in DIRECTORY (default: build/packages):
 *
 * - akart-VERSION.tgz for `npm install`, with its dependencies inside,
 * - akart_VERSION_ARCH.deb for Debian, if dpkg-deb is installed,
 * - akart-VERSION.cdx.json, the bill of materials (CycloneDX 1.5).
 *
 * The output is reproducible byte for byte: every time stamp is SOURCE_DATE_EPOCH, else the time of the commit.
 */

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '')
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
const DEBIAN = join(ROOT, 'config', 'debian')
/** Debian's names of processors. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
/** The compiled code and the files that are read at run time. */
const PARTS = [
  'build/src',
  'build/simulators',
  'build/menu-ui',
  'config',
  'sql',
  'docs',
  'simulators/scenarios',
] as const
const FILES = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'simulators/README.md', 'simulators/package.json'] as const
/** Files that are left out: those that only a checkout needs, and those that only the makers of a package need. */
const UNWANTED = /\.(d\.[cm]?ts|map|tsbuildinfo)$|\/node_modules\/[^/]+\/(test|tests|example|examples|\.github)$/u

function run(command: string, options: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, options, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch()) },
  })
  if (status !== 0) throw new Error(`${command} ${options[0] ?? ''}: ${error?.message ?? stderr}`)
  return stdout
}

let known: number | null = null
function epoch(): number {
  known ??= Number(process.env['SOURCE_DATE_EPOCH'] ?? '') || commitTime()
  return known
}

/** 0 where this is no checkout: the time of nothing is better than that of the machine. */
function commitTime(): number {
  const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' })
  return Number(stdout) || 0
}

const wanted = (path: string): boolean => !UNWANTED.test(path)

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, filter: wanted })
}

/** Akart as it lies on a machine: compiled, with the packages that it runs with. */
function assembleTree(target: string): void {
  rmSync(target, { recursive: true, force: true })
  for (const part of PARTS) copy(join(ROOT, part), join(target, part))
  rmSync(join(target, 'build', 'menu-ui', '.akart-built'), { force: true })
  for (const file of FILES) copy(join(ROOT, file), join(target, file))
  const packages = run('npm', ['ls', '--omit=dev', '--all', '--parseable'], ROOT).trim().split('\n').slice(1)
  for (const folder of packages) copy(folder, join(target, relative(ROOT, folder)))
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>
  const { devDependencies: _, scripts: __, private: ___, overrides: ____, ...kept } = manifest
  const parts = [...new Set([...PARTS.map((part) => part.split('/')[0]), 'sbom.cdx.json', ...FILES])]
  const whole = { ...kept, files: parts, bundleDependencies: true }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`)
  writeFileSync(join(target, 'sbom.cdx.json'), billOfMaterials())
  for (const program of ['src/cli/akart.js', 'simulators/akart-sim.js'])
    chmodSync(join(target, 'build', program), 0o755)
}

const billOfMaterials = (): string =>
  bill(
    [ROOT, join(ROOT, 'src', 'menu', 'ui')].map((place) =>
      run('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], place),
    ),
    { version, at: epoch() },
  )

function packTarball(tree: string, directory: string): string {
  return join(directory, run('npm', ['pack', '--silent', '--pack-destination', directory], tree).trim())
}

/** `usr/lib/akart` has the tree; units, settings and the program lie where Debian has such things. */
function packDebian(tree: string, directory: string): string {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch
  const root = join(directory, 'debian')
  rmSync(root, { recursive: true, force: true })
  const put = (file: string, place: string, mode = 0o644): void => {
    const to = join(root, place)
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(file, to)
    chmodSync(to, mode)
  }
  cpSync(tree, join(root, 'usr/lib/akart'), { recursive: true })
  for (const script of ['preinst', 'postinst', 'prerm', 'postrm']) put(join(DEBIAN, script), `DEBIAN/${script}`, 0o755)
  put(join(DEBIAN, 'conffiles'), 'DEBIAN/conffiles')
  put(join(DEBIAN, 'akart.yaml'), 'etc/akart/akart.yaml')
  put(join(DEBIAN, 'environment'), 'etc/akart/environment', 0o640)
  for (const program of ['akart', 'akart-sim']) put(join(DEBIAN, program), `usr/bin/${program}`, 0o755)
  mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true })
  for (const name of ['akart.service', 'akart@.service']) {
    const unit = readFileSync(join(ROOT, 'config/systemd', name), 'utf8').replaceAll('/opt/akart', '/usr/lib/akart')
    writeFileSync(join(root, 'usr/lib/systemd/system', name), unit)
  }
  const control = readFileSync(join(DEBIAN, 'control'), 'utf8')
  writeFileSync(
    join(root, 'DEBIAN/control'),
    control.replaceAll('@VERSION@', version).replaceAll('@ARCHITECTURE@', architecture),
  )
  setTimes(root)
  const made = join(directory, `akart_${version}_${architecture}.deb`)
  run('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', root, made], directory)
  rmSync(root, { recursive: true, force: true })
  return made
}

/** The archive keeps the time of each file. */
function setTimes(place: string): void {
  for (const entry of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
    lutimesSync(join(place, entry), epoch(), epoch())
  }
  lutimesSync(place, epoch(), epoch())
}

const [given = join(ROOT, 'build', 'packages')] = process.argv.slice(2)
const directory = resolve(given)
mkdirSync(directory, { recursive: true })
const tree = join(directory, 'akart')
assembleTree(tree)
const made = [packTarball(tree, directory)]
if (spawnSync('dpkg-deb', ['--version']).status === 0) made.push(packDebian(tree, directory))
const sbom = join(directory, `akart-${version}.cdx.json`)
copyFileSync(join(tree, 'sbom.cdx.json'), sbom)
rmSync(tree, { recursive: true, force: true })
for (const file of [...made, sbom]) {
  console.log(`${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${file}`)
}
