import { isMapping, type Layer, type Path } from './layers.ts'

/** A setting that had another name; `*` stands for each item of a list. */
type Renamed = { readonly was: Path; readonly is: Path }

const withUnit = (list: readonly string[], unit: string, names: readonly string[]): readonly Renamed[] =>
  names.map((name) => ({ was: [...list, name], is: [...list, `${name}${unit}`] }))

/** The old names work for a release, with a warning. Of several old ones for a setting the first counts. */
export const RENAMED: readonly Renamed[] = [
  { was: ['engine', 'timeout'], is: ['engine', 'timeoutSeconds'] },
  { was: ['engine', 'patience'], is: ['engine', 'timeoutSeconds'] },
  ...withUnit(['engine'], 'Ms', ['queueWait']),
  ...withUnit([], 'Seconds', ['confirmTimeout', 'lateConfirmWindow', 'cancelWindow']),
  ...withUnit([], 'Days', ['transmissionWindow', 'settlingWindow']),
  ...withUnit(['log'], 'Megabytes', ['maxSize']),
  ...withUnit(['listeners', '*'], 'Bytes', ['maxFrame']),
  ...withUnit(['listeners', '*'], 'Seconds', ['idleTimeout', 'frameTimeout']),
  ...withUnit(['upstreams', '*'], 'Bytes', ['maxFrame']),
  ...withUnit(['upstreams', '*'], 'Seconds', [
    'timeout',
    'connectTimeout',
    'acquireTimeout',
    'idleTimeout',
    'echoAfter',
    'breakerPause',
    'retryFirst',
    'retryMost',
  ]),
]

/** The layer with the current names; `warn` receives each old name with its place. */
export function withNamesOfToday(layer: Layer, warn: (text: string) => void): Layer {
  return RENAMED.flatMap((renamed) => placesIn(layer.value, renamed)).reduce<Layer>((current, { was, is }) => {
    const old = valueAt(current.value, was)
    if (old === undefined) return current
    const place = current.placeOf(was) ?? ''
    warn(`${place}: ${textOf(was)} is called ${textOf(is)} now; the old name goes with the next release`)
    const isNew = valueAt(current.value, is) === undefined
    return {
      // The current name wins if both are given.
      value: isNew ? put(without(current.value, was), is, old) : without(current.value, was),
      placeOf: (path) => current.placeOf(isNew && path.join('.') === is.join('.') ? was : path),
    }
  }, layer)
}

const textOf = (path: Path): string => path.join('.')

/** A row for each item that the lists of this layer have. */
function placesIn(value: unknown, { was, is }: Renamed): readonly Renamed[] {
  const star = was.indexOf('*')
  if (star === -1) return [{ was, is }]
  const list = valueAt(value, was.slice(0, star))
  if (!Array.isArray(list)) return []
  return list.map((_, i) => ({ was: was.with(star, i), is: is.with(star, i) }))
}

function valueAt(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return value
  if (Array.isArray(value)) return valueAt(value[Number(name)] as unknown, rest)
  return isMapping(value) ? valueAt(value[name], rest) : undefined
}

/** A copy of the value with `change` applied to the member `name`. */
function changed(value: unknown, name: string | number, change: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === name ? change(item) : item))
  const mapping = isMapping(value) ? value : {}
  return { ...mapping, [name]: change(mapping[name]) }
}

function without(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined) return value
  if (rest.length > 0) return changed(value, name, (inner) => without(inner, rest))
  if (!isMapping(value)) return value
  const { [name]: _, ...others } = value
  return others
}

const put = (value: unknown, [name, ...rest]: Path, to: unknown): unknown =>
  name === undefined ? to : changed(value, name, (inner) => put(inner, rest, to))
