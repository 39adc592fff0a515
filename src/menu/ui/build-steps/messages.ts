import { parse } from '@formatjs/icu-messageformat-parser'
import type { Plugin } from 'vite'
import { TEXTS } from '../src/i18n/texts.ts'

const LANGUAGES = ['en', 'pl'] as const
const PREFIX = 'messages:'

/**
 * `messages:en` and `messages:pl`: the texts of one language, each a chunk of its own. A text without values stays a string;
 * one with values becomes its syntax tree, so that the parser of ICU messages never travels to the browser.
 */
export function messages(): Plugin {
  return {
    name: 'akart-messages',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      const language = LANGUAGES.findIndex((name) => id === `\0${PREFIX}${name}`)
      if (language === -1) return null
      const compiled = Object.fromEntries(
        Object.entries(TEXTS).map(([name, pair]) => [name, parse(pair[language] ?? '', { ignoreTag: true })]),
      )
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(compiled))})`
    },
  }
}
