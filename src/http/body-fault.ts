import type { Compile } from 'typebox/compile'

/** The violated rule of a schema: its name and its figures. */
export type BrokenRule = { readonly keyword: string; readonly params: object }

/**
 * A fault of a body: the JSON pointer (RFC 6901) to the member, the end of a sentence about it, and the rule for those
 * who say it in other words.
 */
export type BodyFault = { readonly pointer: string; readonly text: string; readonly rule: BrokenRule }

type SchemaError = ReturnType<ReturnType<typeof Compile>['Errors']>[number]

/** The first fault of a value, in the words of its caller. */
export function faultOf(errors: readonly SchemaError[]): BodyFault {
  const [first] = inLikeliestBranch(errors)
  if (first === undefined) return { pointer: '', text: 'is not valid', rule: { keyword: '', params: {} } }
  return { ...placeAndText(first), rule: { keyword: first.keyword, params: first.params } }
}

function placeAndText(error: SchemaError): Pick<BodyFault, 'pointer' | 'text'> {
  const { instancePath } = error
  if (error.keyword === 'required') {
    return { pointer: member(instancePath, error.params.requiredProperties[0]), text: 'is missing' }
  }
  // A schema of `false` for a member that has none: typebox names the member in its path.
  if (error.keyword === 'boolean') return { pointer: instancePath, text: 'is not known here' }
  if (error.keyword === 'additionalProperties') {
    return { pointer: member(instancePath, error.params.additionalProperties[0]), text: 'is not known here' }
  }
  if (error.keyword === 'enum') {
    return { pointer: instancePath, text: `must be one of ${error.params.allowedValues.join(', ')}` }
  }
  return { pointer: instancePath, text: error.message }
}

const member = (path: string, name: string | undefined): string =>
  name === undefined ? path : `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const BRANCH = /\/anyOf\/\d+/u

/** If several shapes are permitted, the faults of the one with the fewest, which the caller most likely meant. */
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
