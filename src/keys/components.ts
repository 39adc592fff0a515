import { xor } from './blocks.ts'
import { checkValue, hasCheckValue } from './check-value.ts'
import { isSingleDes, withOddParity } from './des-parity.ts'
import { isKeyLength, type KeyAlgorithm, secretKey, type SecretKey } from './secret-key.ts'

/** One person's part of a key, and the check value printed beside it, which reveals typing errors. */
export type KeyComponent = { readonly bytes: Uint8Array; readonly checkValue: string }

/**
 * Why components make no key; `component` counts from 1, null: the reason concerns all of them.
 * `count`: fewer than 2, so that one person would know the key, or more than 9 · `length`: lengths that differ, or that the
 * cipher does not have · `check value`: not that of the component, or not that of the whole key · `weak`: the key would be
 * all zeros, or triple DES with equal halves, for example because a component was given twice.
 */
export type ComponentsRefusal = {
  readonly kind: 'refused'
  readonly reason: 'count' | 'length' | 'check value' | 'weak'
  readonly component: number | null
}

export type CombinedKey<A extends KeyAlgorithm> =
  | { readonly kind: 'key'; readonly key: SecretKey<A>; readonly checkValue: string }
  | ComponentsRefusal

/**
 * The XOR of 2 to 9 components (X9.24-1, full-length components, none of which reveals anything about the key). Each
 * component is checked against its own check value, the key against `wanted`. A triple DES key is then set to odd parity,
 * because the XOR of two components with odd parity has even parity.
 */
export function combineComponents<A extends KeyAlgorithm>(
  algorithm: A,
  components: readonly KeyComponent[],
  wanted: string,
): CombinedKey<A> {
  const [first] = components
  if (first === undefined || components.length < 2 || components.length > 9) return refused('count')
  const length = first.bytes.length
  for (const [i, { bytes, checkValue: own }] of components.entries()) {
    if (bytes.length !== length || !isKeyLength(algorithm, bytes.length)) return refused('length', i + 1)
    if (!hasCheckValue(secretKey(algorithm, bytes), own)) return refused('check value', i + 1)
  }

  const sum = components.map(({ bytes }) => bytes).reduce<Uint8Array>(xor, Buffer.alloc(length))
  if (sum.every((byte) => byte === 0) || (algorithm === 'tdes' && isSingleDes(sum))) return refused('weak')
  const key = secretKey(algorithm, algorithm === 'tdes' ? withOddParity(sum) : sum)
  return hasCheckValue(key, wanted) ? { kind: 'key', key, checkValue: checkValue(key) } : refused('check value')
}

const refused = (reason: ComponentsRefusal['reason'], component: number | null = null): ComponentsRefusal => ({
  kind: 'refused',
  reason,
  component,
})
