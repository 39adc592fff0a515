// Runs test files one after the other in this process, so that what they load is loaded once: `node together.js FILE…`.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

for (const file of process.argv.slice(2)) {
  const before = process.exitCode
  let fault: unknown = null
  try {
    await import(pathToFileURL(resolve(file)).href)
  } catch (error) {
    fault = error
  }
  // Tests run in the order in which they are asked for: with this one, those of the file have ended.
  await t.test(file, async (t) => {
    t.equal(fault, null)
    t.equal(process.exitCode, before, 'nothing but a failed test has said how this process ends')
  })
}
