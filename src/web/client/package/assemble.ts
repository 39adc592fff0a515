import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * `node build/src/web/client/package/assemble.js`: akart-client as a package of its own in build/akart-client, ready for
 * `npm pack` and `npm install`. It has no dependencies.
 */

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url))
const SOURCE = join(ROOT, 'src', 'web', 'client')
const BUILT = join(ROOT, 'build', 'src', 'web', 'client')
const TARGET = join(ROOT, 'build', 'akart-client')

rmSync(TARGET, { recursive: true, force: true })
mkdirSync(TARGET, { recursive: true })
for (const file of readdirSync(BUILT).filter((name) => name.endsWith('.js'))) {
  copyFileSync(join(BUILT, file), join(TARGET, file))
}
for (const file of readdirSync(BUILT).filter((name) => name.endsWith('.d.ts'))) {
  // The compiler leaves imports of source files in declarations; the package does not contain these files.
  const text = readFileSync(join(BUILT, file), 'utf8')
  writeFileSync(join(TARGET, file), text.replaceAll(/'(\.\/\w+)\.ts'/gu, "'$1.js'"))
}
for (const file of ['package.json', 'README.md']) copyFileSync(join(SOURCE, file), join(TARGET, file))
console.log(TARGET)
