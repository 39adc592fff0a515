import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BUILD = join(ROOT, 'build')
const BUNDLE = join(BUILD, 'bundle')

const AKART = 'src/cli/akart.js'
/** The programs that tests start, as `programs.ts` names them. */
const PROGRAMS = [AKART, 'simulators/akart-sim.js', 'test/warm-process.js', 'test/together.js'] as const

/** Packages that are not bundled: they read files beside their own, or are seldom loaded. Other databases of knex are not installed. */
const APART =
  /^(?:@node-rs\/.*|pdfmake.*|bwip-js.*|playwright-core|typescript|mysql|tedious|mariadb\/callback|better-sqlite3|pg|pg-query-stream|oracledb|sqlite3)$/u

/**
 * Bundles modules into few files for the run of all tests, because Node needs 1 s of processor time to load the 2,000 modules
 * of `akart up`, and 0.4 s for those of a test. Names are kept, nothing is dropped, and each module keeps its original path:
 * files that it reads or programs that it starts by a relative path are found there, as compiled.
 *
 * @returns the directory of the bundles, which have the names of the originals in `build`
 */
export async function bundle(tests: readonly string[]): Promise<string> {
  await rm(BUNDLE, { recursive: true, force: true })
  const files = [...PROGRAMS, ...tests.map((file) => relative('build', file))]
  const { rolldown } = await ofVite()
  const whole = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(files.map((file) => [file.replace(/\.js$/u, ''), join(BUILD, file)])),
    platform: 'node',
    external: APART,
    treeshake: false,
    logLevel: 'silent',
    plugins: [inPlace],
  })
  await whole.write({
    dir: BUNDLE,
    format: 'esm',
    keepNames: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await whole.close()
  return BUNDLE
}

type Plugin = {
  readonly name: string
  readonly transform: {
    readonly filter: { readonly code: string }
    readonly handler: (code: string, id: string) => { readonly code: string } | null
  }
}

/** The parts of rolldown that are used here. */
type Rolldown = {
  readonly rolldown: (input: Readonly<Record<string, unknown>> & { readonly plugins: readonly Plugin[] }) => Promise<{
    readonly write: (output: Readonly<Record<string, unknown>>) => Promise<unknown>
    readonly close: () => Promise<void>
  }>
}

/** The rolldown with which the browser app is built. */
async function ofVite(): Promise<Rolldown> {
  const vite = createRequire(join(ROOT, 'src/menu/ui/package.json')).resolve('vite')
  return (await import(pathToFileURL(createRequire(vite).resolve('rolldown')).href)) as Rolldown
}

const HERE = 'import.meta.url'
/** How the simulator starts the akart beside it. */
const BESIDE = `new URL('../../src/cli/akart.js', ${HERE})`

/** Writes the original path of a module into it. */
const inPlace: Plugin = {
  name: 'in-place',
  transform: {
    filter: { code: HERE },
    handler(code, id) {
      if (id.startsWith('\0')) return null
      const akart = `new URL(${JSON.stringify(pathToFileURL(join(BUNDLE, AKART)).href)})`
      const started = id.startsWith(join(BUILD, 'simulators')) ? code.replaceAll(BESIDE, akart) : code
      return { code: started.replaceAll(HERE, JSON.stringify(pathToFileURL(id).href)) }
    },
  },
}
