import type { Branch, Fault } from './nodes.ts'
import { mapReader, type MapReader } from './reader.ts'
import type { CasesStep, CaseInput, DecideStep } from './scenario.ts'

function parseInput(of: string, line: number, value: Branch, faults: Fault[]): CaseInput {
  if (value.kind === 'text')
    return { of, line, wanted: value.text === 'none' ? null : { reason: value.text, closed: null, claim: null } }
  const map = mapReader(value, `cases: ${of}`, ['reason', 'closed', 'claim'], faults)
  return { of, line, wanted: { reason: map.text('reason'), closed: map.text('closed'), claim: map.text('claim') } }
}

/** `cases: { pay: none, sale: unconfirmed, late: { reason: unconfirmed, closed: confirmed_late } }` */
export function parseCasesStep(map: MapReader, answers: ReadonlySet<string>, faults: Fault[]): CasesStep {
  const branch = map.branch('cases')
  if (branch?.kind !== 'map') map.fault(map.line, 'cases has to be a map of steps and what their case says')
  const wishes = (branch?.kind === 'map' ? branch.entries : []).map(({ key, line, value }) => {
    if (!answers.has(key)) map.fault(line, `cases: no step before this one is called '${key}'`)
    return parseInput(key, line, value, faults)
  })
  return { kind: 'cases', line: map.line, title: map.text('title') ?? 'the clarification cases', wishes }
}

/** `decide: { pay: confirm, sale: reverse }` */
export function parseDecideStep(map: MapReader, answers: ReadonlySet<string>, faults: Fault[]): DecideStep {
  const branch = map.branch('decide')
  const keys = branch?.kind === 'map' ? branch.entries.map(({ key }) => key) : []
  if (branch?.kind !== 'map') map.fault(map.line, 'decide has to be a map of steps and confirm or reverse')
  const decisions = mapReader(branch, 'decide', keys, faults)
  for (const key of keys)
    if (!answers.has(key)) map.fault(decisions.line, `decide: no step before this one is called '${key}'`)
  return {
    kind: 'decide',
    line: map.line,
    title: map.text('title') ?? 'a clerk decides',
    decisions: keys.map((of) => ({ of, decision: decisions.name(of, ['confirm', 'reverse'], 'confirm') })),
  }
}
