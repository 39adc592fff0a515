import type { Section } from '../scenario/sections.ts'

/**
 * The result of a check. `passed over`: it does not apply here, with the reason; `not checked`: it could not begin, for
 * lack of a card or a terminal.
 */
export type Finding =
  | { readonly result: 'passed' }
  | { readonly result: 'failed'; readonly problems: readonly string[] }
  | { readonly result: 'passed over'; readonly why: string }
  | { readonly result: 'not checked'; readonly why: string }

/** Something that a switch has to do. */
export type Check = {
  readonly section: Section
  readonly title: string
  readonly run: () => Promise<Finding>
}

export const passed: Finding = { result: 'passed' }
export const passedOver = (why: string): Finding => ({ result: 'passed over', why })
export const notChecked = (why: string): Finding => ({ result: 'not checked', why })
export const finding = (problems: readonly string[]): Finding =>
  problems.length === 0 ? passed : { result: 'failed', problems }
