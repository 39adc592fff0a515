import type { Verdict } from '../../planting.ts'
import { checkPortions } from './portion-check.ts'

/** For a process of its own, with a bug in the product. */
export const play = (input: { readonly seed: number; readonly histories: number }): Promise<Verdict> =>
  Promise.resolve(checkPortions(input))
