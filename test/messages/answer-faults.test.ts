import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseProfile, type Profile } from '../../src/iso8583/profile.ts'
import { answerFaults, carriesKeys } from '../../src/messages/answer-faults.ts'
import { textOf } from '../docs/markdown.ts'
import { PROFILE_TEXTS, PROFILE_NAMES } from '../iso8583/profiles.ts'

/** A dialect that cannot express an answer is refused before anything is booked in it. */

const yamlOf = (name: string): string => readFileSync(`config/iso8583/${name}.yaml`, 'utf8')
const without = (...fields: number[]): string =>
  fields.reduce((text, field) => text.replace(new RegExp(`^ {2}${field}: .*\\n`, 'm'), ''), yamlOf('iso87-ascii'))
const having = (field: number, row: string): string =>
  yamlOf('iso87-ascii').replace(new RegExp(`^ {2}${field}: .*$`, 'm'), `  ${field}: { name: Test, ${row} }`)
const profile = (yaml: string): Profile => parseProfile(yaml, 'test.yaml', PROFILE_TEXTS)

t.test('the dialects that we deliver, and the one of the page, carry every answer', async (t) => {
  for (const name of PROFILE_NAMES) t.same(answerFaults(profile(yamlOf(name))), [], name)
  const [, tills = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(textOf('docs/dialects.md')) ?? []
  t.same(answerFaults(profile(tills)), [], 'docs/dialects.md')
})

t.test('what is missing is named', async (t) => {
  const rows: [string, string, RegExp[]][] = [
    ['no response code', without(39), [/^DE 39 is missing/]],
    ['no balances', without(54), [/^DE 54 is missing/]],
    ['no reference', without(37), [/^DE 37 is missing/]],
    ['no reason and no text', without(44, 63), [/^DE 44 is missing/, /^DE 63 is missing/]],
    ['no amount: money cannot be asked for, a balance can', without(4), [/^DE 4 is missing/]],
    ['39 as one character', having(39, 'content: an, length: fixed 1'), [/^DE 39 is too short/]],
    ['38 in digits', having(38, 'content: n, length: fixed 6'), [/^DE 38 has another content/]],
    ['44 without spaces', having(44, 'content: an, length: LLVAR..25'), [/^DE 44 has another content/]],
    ['54 for two balances', having(54, 'content: ans, length: LLVAR..40'), [/^DE 54 is too short \(6001/]],
    ['63 of 39', having(63, 'content: ans, length: LLVAR..39'), [/^DE 63 is too short/]],
    ['amounts of ten digits', having(4, 'content: n, length: fixed 10'), [/^DE 4 is too short/]],
    ['totals in part', without(97), [/^DE 97 is missing/]],
    ['no totals at all: nobody can claim any', without(74, 75, 76, 77, 86, 87, 88, 89, 97), []],
    ['no store: nobody can ask for anything but an echo', without(42, 37, 38, 54, 4), []],
    ['no text of its own needed: 59, 48', without(59, 48), []],
  ]
  for (const [title, yaml, expected] of rows) {
    const faults = answerFaults(profile(yaml))
    t.equal(faults.length, expected.length, `${title}: ${faults.map(({ text }) => text).join('; ')}`)
    expected.forEach((fault, i) => t.match(faults[i]?.text, fault, title))
  }
})

t.test('at its line, or where the elements begin', async (t) => {
  const lineWith = (yaml: string, text: string) => yaml.split('\n').findIndex((line) => line.startsWith(text)) + 1
  const short = having(63, 'content: ans, length: LLVAR..39')
  t.match(answerFaults(profile(short)), [{ place: `test.yaml:${lineWith(short, '  63:')}` }])
  t.match(answerFaults(profile(without(54))), [{ place: `test.yaml:${lineWith(without(54), '  2:')}` }])
})

t.test('a dialect without room for a key block hands none out', async (t) => {
  t.equal(carriesKeys(profile(yamlOf('iso87-ascii'))), true)
  t.equal(carriesKeys(profile(without(48))), false)
  t.equal(carriesKeys(profile(having(48, 'content: ans, length: LLLVAR..143'))), false)
})
