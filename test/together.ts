// Runs test files one after the other in this process, so that what they load is loaded once: those of TEST_FILES, a line each.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { programFile } from './programs.ts'

/*
 * Each is loaded by a test of its own, which comes after the tests of the file before: tap takes it for the end where nothing
 * is left to do. So a file must not wait for a test of its own while it is loaded (schedule.ts names such files).
 */
const files = (process.env['TEST_FILES'] ?? '').split('\n')
delete process.env['TEST_FILES'] // nothing that a test starts needs it
const code = process.exitCode
for (const [i, file] of files.entries()) {
  await t.test(file, async (t) => {
    if (i > 0) t.equal(process.exitCode, code, `${files[i - 1]} left the exit code alone`)
    await import(pathToFileURL(programFile(resolve(file))).href)
    t.pass('loaded')
  })
}
await t.test('end', (t) => {
  t.equal(process.exitCode, code, `${files.at(-1)} left the exit code alone`)
  t.end()
})
