import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `node build/simulators/package/assemble.js [DIRECTORY]` makes the simulator a package of its own, ready for `npm
 * install`. It contains what akart-sim imports and nothing else: no server, no database driver. Its dependencies are in
 * build/node_modules, so that it installs without a registry; of date-fns only the files that iso_8583 uses.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const START = join('build', 'simulators', 'akart-sim.js')
/** Files read at run time. */
const DATA = [join('config', 'iso8583'), join('simulators', 'scenarios')] as const
const FILES = [
  join('simulators', 'README.md'),
  join('simulators', 'package.json'),
  join('docs', 'scenario.schema.json'),
] as const
/** Packages that are taken file by file, as they are reached from others. */
const PRUNED: ReadonlySet<string> = new Set(['date-fns'])
/** Of a package's files: its programs and data, and its licence. */
const WANTED = /(\.(c|m)?js|\.json)$|^(licen[cs]e|notice)/i
const UNWANTED = /\.min\.js$|^(tests?|docs?|browser|examples?|types|\.github)\/|^gulpfile\.js$/

const specifiers = (text: string): string[] =>
  [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map(([, name = '']) => name)

const isOwn = (name: string): boolean => name.startsWith('.')
const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

/** Files of this project that are reached from one of them, and the packages that they import. */
function reached(start: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const name of specifiers(readFileSync(join(ROOT, file), 'utf8'))) {
      if (isOwn(name)) visit(relative(ROOT, resolve(ROOT, dirname(file), name)))
      else if (!name.startsWith('node:')) packages.add(packageOf(name))
    }
  }
  visit(start)
  return { files, packages }
}

/** Where a package is that is imported from a folder: the nearest node_modules upwards. */
function locate(name: string, from: string): string {
  for (let folder = from; folder.startsWith(ROOT.replace(/\/$/, '')); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(found, 'package.json'))) return found
  }
  throw new Error(`the package ${name} is not installed`)
}

type Manifest = { readonly dependencies?: Readonly<Record<string, string>> }
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Folders of all packages that are needed, those of dependencies too. */
function foldersOf(packages: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>()
  const visit = (name: string, from: string): void => {
    const folder = locate(name, from)
    if (folders.has(folder)) return
    folders.add(folder)
    for (const dependency of Object.keys(manifestOf(folder).dependencies ?? {})) visit(dependency, folder)
  }
  for (const name of packages) visit(name, ROOT.replace(/\/$/, ''))
  return folders
}

/** Files of a pruned package that are reached from its main file. */
function prunedFiles(folder: string): string[] {
  const found = new Set<string>([join(folder, 'package.json')])
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const name of specifiers(readFileSync(file, 'utf8'))) if (isOwn(name)) visit(createRequire(file).resolve(name))
  }
  visit(createRequire(join(folder, 'x.js')).resolve(folder))
  return [
    ...found,
    ...readdirSync(folder)
      .filter((name) => /^licen[cs]e/i.test(name))
      .map((name) => join(folder, name)),
  ]
}

function wholeFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const inside = relative(folder, file).split(sep).join('/')
      return !inside.split('/').includes('node_modules') && WANTED.test(basename(file)) && !UNWANTED.test(inside)
    })
}

function put(target: string, file: string, place: string): void {
  const to = join(target, place)
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(file, to)
}

/** Assembles the package in an empty folder. */
function assemble(target: string): void {
  const { files, packages } = reached(START)
  for (const file of files) put(target, join(ROOT, file), file)
  for (const folder of foldersOf(packages)) {
    const chosen = PRUNED.has(basename(folder)) ? prunedFiles(folder) : wholeFiles(folder)
    for (const file of chosen) put(target, file, join('build', relative(ROOT, file)))
  }
  for (const data of DATA) cpSync(join(ROOT, data), join(target, data), { recursive: true })
  for (const file of FILES) put(target, join(ROOT, file), file)
  put(target, join(ROOT, 'simulators', 'README.md'), 'README.md')
  const manifest = JSON.parse(readFileSync(join(ROOT, 'simulators', 'package.json'), 'utf8')) as object
  const whole = { ...manifest, files: ['build', 'config', 'docs', 'simulators'] }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`)
}

const [given = join(ROOT, 'build', 'package')] = process.argv.slice(2)
const directory = resolve(given)
const folder = join(directory, 'akart-sim')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
assemble(folder)
const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', directory], {
  cwd: folder,
  encoding: 'utf8',
})
if (packed.status !== 0) {
  process.stderr.write(packed.stderr)
  process.exitCode = 1
} else console.log(join(directory, packed.stdout.trim()))
