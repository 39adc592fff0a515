import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The variable that names the directory of `bundle.ts`; without it the compiled files run. It is not a setting of akart. */
export const TEST_BUNDLE = 'TEST_BUNDLE'

const BUILD = fileURLToPath(new URL('../', import.meta.url))

/** A file of `build`, or its replacement in the run of all tests. */
export function programFile(file: string): string {
  const bundle = process.env[TEST_BUNDLE]
  if (bundle === undefined || bundle === '' || !file.startsWith(BUILD)) return file
  return join(bundle, relative(BUILD, file))
}

/** Akart and its simulator, for tests that are not about how these start: `cli/akart`, `cli/up` and packages are. */
export const AKART = programFile(join(BUILD, 'src/cli/akart.js'))
export const SIMULATOR = programFile(join(BUILD, 'simulators/akart-sim.js'))

/** Options for processes that run for seconds: only very hot code is optimised, because optimising would cost more than it saves. */
export const SHORT_LIVED = ['--interrupt-budget=600000'] as const
