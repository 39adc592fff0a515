import { createHash } from 'node:crypto'

type Component = {
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly externalReferences?: readonly { readonly type: string }[]
}
type Bill = {
  readonly metadata: { readonly component: Component; readonly tools?: unknown }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}

/** The download address depends on the machine of the build; purl and hash identify a package. */
const withoutDownload = ({ externalReferences = [], ...component }: Component): Component => {
  const kept = externalReferences.filter(({ type }) => type !== 'distribution')
  return kept.length === 0 ? component : { ...component, externalReferences: kept }
}

/**
 * Merges the bills of materials of the server and the browser app (CycloneDX 1.5, as npm writes it): every component
 * once, in order. Time and serial number are derived from the content, so that the same release has the same bill.
 *
 * @param texts JSON of `npm sbom`, the product's own first
 * @param at seconds since 1970
 */
export function bill(
  texts: readonly string[],
  { version, at }: { readonly version: string; readonly at: number },
): string {
  const bills = texts.map((text) => JSON.parse(text) as Bill)
  const components = new Map<string, Component>()
  const dependencies = new Map<string, readonly string[]>()
  const [first] = bills
  if (first === undefined) throw new Error('a bill of materials needs a package')
  const own = first.metadata.component['bom-ref']
  for (const one of bills) {
    const its = one.metadata.component['bom-ref']
    for (const component of one.components) components.set(component['bom-ref'], withoutDownload(component))
    for (const { ref, dependsOn = [] } of one.dependencies) {
      const name = ref === its ? own : ref
      dependencies.set(name, [...new Set([...(dependencies.get(name) ?? []), ...dependsOn])].toSorted())
    }
  }
  const byRef = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const body = {
    metadata: {
      timestamp: new Date(at * 1000).toISOString(),
      component: { 'bom-ref': own, type: 'application', name: 'akart', version, purl: `pkg:npm/akart@${version}` },
    },
    components: byRef(components).map(([, component]) => component),
    dependencies: byRef(dependencies).map(([ref, dependsOn]) => ({ ref, dependsOn })),
  }
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  const serial = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digest.slice(from, to))
    .join('-')
  const head = { bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${serial}`, version: 1 }
  return `${JSON.stringify({ ...head, ...body }, null, 2)}\n`
}
