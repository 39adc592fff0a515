import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Gzip bytes of script that any page may ask for before it can be used (docs/spec/menu.md, section 3). */
const BUDGET_BYTES = 300_000
const SCREENS = /\/src\/screens\/[^/]+\.tsx$/
const MESSAGES = 'messages:'

type Chunk = {
  readonly fileName: string
  readonly code: string
  readonly imports: readonly string[]
  readonly isEntry: boolean
  readonly facadeModuleId: string | null
}

/** Fails the build when the entry, the longer language and any one screen are more than the budget together. */
export function budget(): Plugin {
  return {
    name: 'akart-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = new Map<string, Chunk>()
      for (const output of Object.values(bundle)) if (output.type === 'chunk') chunks.set(output.fileName, output)
      const all = [...chunks.values()]
      const size = sizeOf(chunks)
      const entry = all.filter(({ isEntry }) => isEntry)
      const language = all
        .filter(({ facadeModuleId }) => facadeModuleId?.includes(MESSAGES))
        .toSorted((a, b) => b.code.length - a.code.length)[0]
      const screens = all.filter(({ facadeModuleId }) => SCREENS.test(facadeModuleId ?? ''))
      if (entry.length === 0 || language === undefined || screens.length === 0)
        this.error('the budget found no entry, language or screen')
      const rows = screens
        .map((screen) => ({
          name: screen.facadeModuleId?.replace(/.*\//, '') ?? '',
          bytes: size([...entry, language, screen]),
        }))
        .toSorted((a, b) => b.bytes - a.bytes)
      const [largest] = rows
      if (largest === undefined) return
      console.log(
        `largest first load: ${largest.name} with ${kilobytes(largest.bytes)} of ${kilobytes(BUDGET_BYTES)} script (gzip)`,
      )
      const over = rows.filter(({ bytes }) => bytes > BUDGET_BYTES)
      if (over.length > 0)
        this.error(`over the budget: ${over.map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`).join(', ')}`)
    },
  }
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`

/** Of these chunks and all that they import before they run, each counted once. */
function sizeOf(chunks: ReadonlyMap<string, Chunk>): (roots: readonly Chunk[]) => number {
  const zipped = new Map<string, number>()
  const bytesOf = (chunk: Chunk): number => {
    const known = zipped.get(chunk.fileName) ?? gzipSync(chunk.code).length
    zipped.set(chunk.fileName, known)
    return known
  }
  return (roots) => {
    const seen = new Set<Chunk>()
    const visit = (chunk: Chunk | undefined): void => {
      if (chunk === undefined || seen.has(chunk)) return
      seen.add(chunk)
      for (const name of chunk.imports) visit(chunks.get(name))
    }
    roots.forEach(visit)
    return [...seen].reduce((sum, chunk) => sum + bytesOf(chunk), 0)
  }
}
