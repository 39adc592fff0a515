import { Type } from 'typebox'

// Each `description` completes the sentence "… must be": it is the error message of its setting.

export const integer = (minimum: number, maximum: number, unit: string, more: { default?: number } = {}) =>
  Type.Integer({ minimum, maximum, description: `an integer from ${minimum} to ${maximum} (${unit})`, ...more })

export const oneOf = <const T extends readonly string[]>(values: T, more: { default?: T[number] } = {}) =>
  Type.Unsafe<T[number]>(Type.Enum([...values], { description: `one of ${values.join(', ')}`, ...more }))

export const text = (pattern: string, description: string, more: { default?: string } = {}) =>
  Type.String({ pattern, description, ...more })

export const closed = { additionalProperties: false, description: 'a mapping of settings' } as const

export const host = (more: { default?: string } = {}) => text('^[^\\s/]{1,255}$', 'a host name or an address', more)
export const port = integer(0, 65_535, 'port')
