import { BLOCK_BYTES } from './blocks.ts'
import {
  ALGORITHM_LETTER,
  algorithmOf,
  isKeyUsage,
  type KeyUsage,
  modeOf,
  type ModeOfUse,
  usageTakes,
} from './key-usage.ts'
import { type OptionalBlock, readOptionalBlocks, writeOptionalBlocks } from './optional-blocks.ts'
import type { KeyAlgorithm } from './secret-key.ts'

/** Versions that this switch reads and writes: B derives its keys with triple DES, D with AES (X9.143 section 5). */
export const VERSIONS = { tdes: 'B', aes: 'D' } as const satisfies Record<KeyAlgorithm, string>

/** The attributes of the key in a key block: in the clear but covered by the MAC (X9.143 section 6.3). */
export type KeyAttributes = {
  readonly usage: KeyUsage
  readonly mode: ModeOfUse
  /** Two letters or digits; `00`: versions are not used; a first `c`: a component of a key. */
  readonly keyVersion: string
  /** Whether the key may be exported: `E` under the protection key of a key block · `N` never · `S` also in weaker forms. */
  readonly exportability: 'E' | 'N' | 'S'
  /** The optional blocks in this order, without the pad block, which this module adds and removes. */
  readonly optionalBlocks: readonly OptionalBlock[]
}

/** Why a header is refused, in the order of the checks. */
export type HeaderRefusal =
  | 'characters'
  | 'version'
  | 'length'
  | 'usage'
  | 'algorithm'
  | 'mode'
  | 'key version'
  | 'exportability'
  | 'optional blocks'
  | 'reserved'

export type KeyBlockHeader = {
  readonly attributes: KeyAttributes
  /** The key's own cipher; the block's version names the cipher that protects it. */
  readonly algorithm: KeyAlgorithm
  /** The number of characters of the header with its optional blocks. */
  readonly length: number
}

/** Characters of a header without optional blocks. */
const FIXED = 16

/**
 * The header of a block with `body` more characters. @throws RangeError if usage, cipher and mode do not go together, or a
 * value has a wrong form: that is a fault of the code, because no peer chooses these values
 */
export function writeHeader(
  protection: KeyAlgorithm,
  algorithm: KeyAlgorithm,
  { usage, mode, keyVersion, exportability, optionalBlocks }: KeyAttributes,
  body: number,
): string {
  if (!usageTakes(usage, algorithm) || modeOf(usage, mode) === null) {
    throw new RangeError(`no ${algorithm} key has usage ${usage} and mode ${mode}`)
  }
  if (!KEY_VERSION.test(keyVersion)) throw new RangeError('a key version has two letters or digits')
  const optional = writeOptionalBlocks(optionalBlocks, BLOCK_BYTES[protection])
  const length = FIXED + optional.text.length + body
  if (length > 9999 || optional.count > 99) throw new RangeError(`no key block has ${length} characters`)
  const use = usage + ALGORITHM_LETTER[algorithm] + mode + keyVersion + exportability
  return VERSIONS[protection] + digits(length, 4) + use + digits(optional.count, 2) + '00' + optional.text
}

const KEY_VERSION = /^[0-9A-Za-z]{2}$/u

/**
 * Reads the header of a whole block that is protected with `protection`. Everything is checked before any cryptography: the
 * length in the header must be that of the block, and a multiple of the cipher's block.
 */
export function readHeader(block: string, protection: KeyAlgorithm): KeyBlockHeader | HeaderRefusal {
  if (!/^[\x20-\x7e]*$/u.test(block)) return 'characters'
  if (block[0] !== VERSIONS[protection]) return 'version'
  const length = block.slice(1, 5)
  if (block.length < FIXED || !/^\d{4}$/u.test(length) || Number(length) !== block.length) return 'length'
  if (block.length % BLOCK_BYTES[protection] !== 0) return 'length'

  const usage = block.slice(5, 7)
  if (!isKeyUsage(usage)) return 'usage'
  const algorithm = algorithmOf(block.charAt(7))
  if (algorithm === null || !usageTakes(usage, algorithm)) return 'algorithm'
  const mode = modeOf(usage, block.charAt(8))
  if (mode === null) return 'mode'
  const keyVersion = block.slice(9, 11)
  if (!KEY_VERSION.test(keyVersion)) return 'key version'
  const exportability = block[11]
  if (exportability !== 'E' && exportability !== 'N' && exportability !== 'S') return 'exportability'
  const count = block.slice(12, 14)
  if (!/^\d{2}$/u.test(count)) return 'optional blocks'
  // The key's context (0 none, 1 storage, 2 exchange) has no effect here; the last character is always 0.
  if (!/^[012]0$/u.test(block.slice(14, FIXED))) return 'reserved'

  const optional = readOptionalBlocks(block.slice(FIXED), Number(count))
  if (optional === null || optional.length % BLOCK_BYTES[protection] !== 0) return 'optional blocks'
  const attributes = { usage, mode, keyVersion, exportability, optionalBlocks: optional.blocks } as const
  return { attributes, algorithm, length: FIXED + optional.length }
}

const digits = (value: number, count: number): string => String(value).padStart(count, '0')
