import { isMapping, type Layer, type Path } from './layers.ts'

/** Settings that had another name: the old one works for a release, with a warning. */
export const RENAMED = [{ was: ['engine', 'patience'], is: ['engine', 'timeout'] }] as const satisfies readonly {
  readonly was: Path
  readonly is: Path
}[]

/** The layer with today's names; `warn` is told of each old one, with its place. */
export function withNamesOfToday(layer: Layer, warn: (text: string) => void): Layer {
  return RENAMED.reduce<Layer>((current, { was, is }) => {
    const old = valueAt(current.value, was)
    if (old === undefined) return current
    const place = current.placeOf(was) ?? ''
    warn(`${place}: ${was.join('.')} is called ${is.join('.')} now; the old name goes with the next release`)
    return {
      value: moved(current.value, was, is, old),
      placeOf: (path) => current.placeOf(path.join('.') === is.join('.') ? was : path),
    }
  }, layer)
}

const valueAt = (value: unknown, [name, ...rest]: Path): unknown =>
  name === undefined ? value : isMapping(value) ? valueAt(value[name], rest) : undefined

/** Today's name wins where both are said. */
function moved(value: unknown, was: Path, is: Path, old: unknown): unknown {
  const kept = without(value, was)
  return valueAt(kept, is) === undefined ? put(kept, is, old) : kept
}

function without(value: unknown, [name, ...rest]: Path): unknown {
  if (!isMapping(value) || name === undefined) return value
  const { [name]: inner, ...others } = value
  return rest.length === 0 ? others : { ...others, [name]: without(inner, rest) }
}

function put(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to
  const mapping = isMapping(value) ? value : {}
  return { ...mapping, [name]: put(mapping[name], rest, to) }
}
