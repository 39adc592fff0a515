/** The result of one check, of any command. */
export type Result = {
  /** Its group: a section, a situation, a scenario. */
  readonly suite: string
  readonly name: string
  readonly result: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  readonly why: string
  /** For a failed one: expectation and observation. */
  readonly problems: readonly string[]
  /** Details: frames, steps. Nothing of a card. */
  readonly details: readonly string[]
  readonly seconds: number
}

export type Report = {
  readonly title: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Target, profile, seed. */
  readonly facts: Readonly<Record<string, string>>
  readonly results: readonly Result[]
}

export const countOf = ({ results }: Report, result: Result['result']): number =>
  results.filter((one) => one.result === result).length

/** Suites in their order, each with its results. */
export function suitesOf({ results }: Report): { readonly suite: string; readonly results: readonly Result[] }[] {
  const names = [...new Set(results.map(({ suite }) => suite))]
  return names.map((suite) => ({ suite, results: results.filter((one) => one.suite === suite) }))
}

/** A newline and tab may stay; XML 1.0 has no other control characters, and no halves of surrogates. */
const plain = (text: string): string =>
  Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    const fine =
      code === 9 || code === 10 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code < 0xfffe) || code > 0xffff
    return fine ? character : '\u{fffd}'
  }).join('')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in XML and HTML, in attributes too. Colours of the shell are left out. */
export const escaped = (text: string): string =>
  plain(withoutColours(text)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

// oxlint-disable-next-line no-control-regex
export const withoutColours = (text: string): string => text.replace(/\u001b\[\d+m/g, '')
