import type { Problem } from './types.ts'

/** A refusal by Akart: `problem.code` is for programs, the message for people. */
export class AkartProblem extends Error {
  override readonly name = 'AkartProblem'
  readonly status: number
  readonly problem: Problem
  constructor(status: number, body: unknown) {
    const problem = body as Problem
    super(`${problem.code}: ${problem.detail}`)
    this.status = status
    this.problem = problem
  }
}
