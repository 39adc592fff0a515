import type { Compile } from 'typebox/compile'

/** A fault of a body: the JSON pointer (RFC 6901) to the member, and the end of a sentence about it. */
export type BodyFault = { readonly pointer: string; readonly text: string }

type SchemaError = ReturnType<ReturnType<typeof Compile>['Errors']>[number]

/** The first fault of a value, in the words of its caller. */
export function faultOf(errors: readonly SchemaError[]): BodyFault {
  const [first] = inLikeliestBranch(errors)
  if (first === undefined) return { pointer: '', text: 'is not valid' }
  if (first.keyword === 'required') {
    return { pointer: member(first.instancePath, first.params.requiredProperties[0]), text: 'is missing' }
  }
  // A schema of `false` for a member that has none: typebox names the member in its path.
  if (first.keyword === 'boolean') return { pointer: first.instancePath, text: 'is not known here' }
  if (first.keyword === 'additionalProperties') {
    return { pointer: member(first.instancePath, first.params.additionalProperties[0]), text: 'is not known here' }
  }
  return { pointer: first.instancePath, text: first.message }
}

const member = (path: string, name: string | undefined): string =>
  name === undefined ? path : `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const BRANCH = /\/anyOf\/\d+/u

/** Of a choice between shapes, the faults of the one that has the fewest: what the caller most likely meant. */
function inLikeliestBranch(errors: readonly SchemaError[]): readonly SchemaError[] {
  const branches = new Map<string, SchemaError[]>()
  for (const error of errors) {
    const [branch = ''] = BRANCH.exec(error.schemaPath) ?? []
    const ofBranch = branches.get(branch)
    if (ofBranch === undefined) branches.set(branch, [error])
    else ofBranch.push(error)
  }
  const plain = (branches.get('') ?? []).filter(({ keyword }) => keyword !== 'anyOf')
  if (plain.length > 0) return plain
  branches.delete('')
  return [...branches.values()].sort((a, b) => a.length - b.length)[0] ?? errors
}
