import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'

/** Only hand-written files are in git: a heap profile was once, with this machine's paths in it. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FOLDERS = ['.ci', 'bench', 'config', 'docs', 'simulators', 'sql', 'src', 'test']
const FILES = [
  '.editorconfig', '.gitignore', '.npmrc', '.oxfmtrc.json', '.oxlintrc.json', 'CHANGELOG.md', 'CONTRIBUTING.md', 'Makefile',
  'README.md', 'SECURITY.md',
  'knip.json', 'package-lock.json', 'package.json', 'tsconfig.json',
] // prettier-ignore
const GENERATED = /\.(heapprofile|cpuprofile|heapsnapshot|log|pid|tsbuildinfo)$|(^|\/)(node_modules|build|\.akart)\//

t.test('git has what belongs to the project, and nothing that was made', async (t) => {
  const tracked = spawnSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
  if (tracked.status !== 0) {
    t.pass('not a checkout')
    return
  }
  const files = tracked.stdout.trim().split('\n')
  t.ok(files.length > 500, `${files.length} files`)
  const strange = files.filter((file) => !FILES.includes(file) && !FOLDERS.includes(file.split('/')[0] ?? ''))
  t.same(strange, [])
  t.same(
    files.filter((file) => GENERATED.test(file)),
    [],
  )
})
