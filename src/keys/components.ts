import { xor } from './blocks.ts'
import { checkValue, hasCheckValue } from './check-value.ts'
import { isSingleDes, withOddParity } from './des-parity.ts'
import { isKeyLength, type KeyAlgorithm, secretKey, type SecretKey } from './secret-key.ts'

/** One person's part of a key, and the check value printed beside it: without one, a slip of the pen would be believed. */
export type KeyComponent = { readonly bytes: Uint8Array; readonly checkValue: string }

/**
 * Why components make no key; `component` counts from 1, null where it is about all of them.
 * `count`: fewer than 2, so that one person would know the key, or more than 9 · `length`: not all of one length, or of
 * none that the cipher has · `check value`: not the component's own, or not the whole key's · `weak`: the key would be all
 * zeros, or triple DES with equal halves, as when a component is given twice.
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
 * The key that 2 to 9 components make by XOR (X9.24-1, full-length components; none of them tells anything about it).
 * Each component is checked against its own check value, the key against `wanted`. A triple DES key is given odd parity:
 * the XOR of two components of odd parity has even.
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
