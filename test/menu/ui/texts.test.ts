import { readdir } from 'node:fs/promises'
import t from 'tap'
import { TEXTS } from '../../../src/menu/ui/src/i18n/texts.ts'

/* Texts in two languages: what is the same in both is a name, a sign or a word of both, and stands here. */

const SAME = new Set([
  'Terminal', 'STAN', 'Bank', 'Login', 'E-mail', 'Format', 'Administrator', 'Status', 'Host', 'Plan', 'plus', 'minus', 'MAC',
  'VAT', 'AkartMenu', 'Code 128', 'EAN-13', 'QR', 'retail', 'aes-cmac',
]) // prettier-ignore

/** Without what is filled in, and without words no one has to translate, nothing is left. */
const isBare = (text: string): boolean => /^(?:min|h|[\W\d])*$/u.test(text.replaceAll(/\{\w+\}/gu, ''))

t.test('no table of texts takes a text of another one', async (t) => {
  const place = new URL('../../../src/menu/ui/src/i18n/texts/', import.meta.url)
  let texts = 0
  for (const file of await readdir(place)) {
    if (!file.endsWith('.js')) continue
    const tables: unknown = await import(new URL(file, place).href)
    texts += Object.values(tables as Record<string, object>).reduce((sum, table) => sum + Object.keys(table).length, 0)
  }
  t.equal(Object.keys(TEXTS).length, texts)
})

t.test('no text is left in English', async (t) => {
  const same = Object.entries(TEXTS).filter(([, [en, pl]]) => en === pl && !SAME.has(en) && !isBare(en))
  t.same(same, [])
  t.ok(Object.keys(TEXTS).length > 1000, 'all of them')
})

/** What a plural of `n` may be in each language: one, few, many, other in Polish, where a number alone says which. */
t.test('a plural has every form of its language', async (t) => {
  const missing = Object.entries(TEXTS).filter(([, [, pl]]) =>
    [...pl.matchAll(/\{\w+, plural,((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/gu)].some(
      ([, forms = '']) => !['one', 'few', 'many', 'other'].every((form) => forms.includes(`${form} {`)),
    ),
  )
  t.same(missing, [])
})
