import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { MAKER_COLUMNS, type MakerField, type MakerLayout, TRACK_FORMS } from '../cards/maker-layout.ts'
import { encodeTrack1 } from '../cards/track.ts'
import { nameOf, problemsOf, type Problem } from '../config/check.ts'
import { yamlLayer, type Layer } from '../config/layers.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

const oneOf = <const T extends readonly unknown[]>(values: T, more: { default?: T[number] } = {}) =>
  Type.Unsafe<T[number]>(
    Type.Enum([...values] as string[], {
      description: `one of ${values.map((v) => JSON.stringify(v)).join(', ')}`,
      ...more,
    }),
  )

const Field = Type.Object(
  {
    column: oneOf(MAKER_COLUMNS),
    width: Type.Integer({ minimum: 0, maximum: 200, description: 'a width of 1 to 200 characters', default: 0 }),
    align: oneOf(['left', 'right'], { default: 'left' }),
    fill: oneOf([' ', '0'], { default: ' ' }),
  },
  { additionalProperties: false, description: 'a column, its width, align and fill' },
)

const Layout = Type.Object(
  {
    format: oneOf(['csv', 'fixed']),
    separator: oneOf([',', ';', '|', '\t'], { default: ',' }),
    header: Type.Boolean({ description: 'true or false', default: false }),
    lineEnd: oneOf(['lf', 'crlf'], { default: 'crlf' }),
    tracks: oneOf(TRACK_FORMS, { default: 'plain' }),
    holder: Type.String({ description: "2 to 26 of track 1's characters", default: 'GIFT CARD' }),
    columns: Type.Array(Field, { minItems: 1, maxItems: 50, description: 'a list of columns' }),
    encryption: oneOf(['none', 'age', 'openpgp'], { default: 'none' }),
    publicKey: Type.Union([Type.String({ minLength: 1 }), Type.Null()], {
      description: "the maker's public key",
      default: null,
    }),
  },
  { additionalProperties: false, description: 'a mapping of settings' },
)
type Written = Static<typeof Layout>

/** The layout of that name, from the first directory of makers that has one. A refusal names file, line and setting. */
export async function readMaker({ makers }: Pick<Office, 'makers'>, name: string): Promise<MakerLayout | Refused> {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/u.test(name)) return refused('not_a_maker_name')
  for (const place of makers) {
    const file = join(place, `${name}.yaml`)
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'ENOENT') return null
      return refused('wrong_maker_layout', { fault: `${file}: can't be read: ${String(error)}` })
    })
    if (text === null) continue
    const layout = isRefused(text) ? text : parsed(file, text)
    return isRefused(layout) ? layout : { name, ...layout }
  }
  return refused('no_such_maker', { maker: name, places: makers.join(', ') })
}

function parsed(file: string, text: string): Omit<MakerLayout, 'name'> | Refused {
  const layer = yamlLayer(file, text)
  if ('errors' in layer) return refused('wrong_maker_layout', { fault: layer.errors.join('\n') })
  const value = Value.Default(Layout, withNamedColumns(layer.layer.value))
  const problems = problemsOf(Layout, value)
  const all = problems.length > 0 ? problems : contradictions(value as Written)
  if (all.length > 0) {
    return refused('wrong_maker_layout', { fault: all.map((one) => lineOf(file, layer.layer, one)).join('\n') })
  }
  const written = value as Written
  return { ...written, columns: written.columns as readonly MakerField[] }
}

/** `columns: [serial, number]` is short for a list of mappings. */
function withNamedColumns(value: unknown): unknown {
  const { columns } = value as { columns?: unknown }
  if (!Array.isArray(columns)) return value
  return {
    ...(value as object),
    columns: columns.map((column: unknown) => (typeof column === 'string' ? { column } : column)),
  }
}

function contradictions({ format, columns, encryption, publicKey, holder }: Written): Problem[] {
  return [
    ...columns.flatMap(({ width }, i) =>
      (format === 'fixed') === width > 0
        ? []
        : [
            {
              path: ['columns', i],
              text: format === 'fixed' ? 'needs a width' : 'has a width, which is for format fixed',
            },
          ],
    ),
    ...((encryption === 'none') === (publicKey === null)
      ? []
      : [{ path: ['publicKey'], text: 'and encryption belong together: set both or neither' }]),
    ...(isHolder(holder)
      ? []
      : [{ path: ['holder'], text: `must be 2 to 26 of track 1's characters; it is ${JSON.stringify(holder)}` }]),
  ]
}

const SAMPLE = { number: '0'.repeat(16), expiry: '4912', serviceCode: '722', version: '00', checkValue: '00000000' }
function isHolder(name: string): boolean {
  try {
    return encodeTrack1(SAMPLE, name) !== ''
  } catch {
    return false // a RangeError says that it is none
  }
}

/** The innermost part of the path that has a line of its own. */
function lineOf(file: string, { placeOf }: Layer, { path, text }: Problem): string {
  for (let length = path.length; length > 0; length--) {
    const place = placeOf(path.slice(0, length))
    if (place !== null) return `${place}: ${nameOf(path)} ${text}`
  }
  return `${file}: ${nameOf(path)} ${text}`
}
