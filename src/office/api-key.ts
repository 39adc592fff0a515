import { hash, randomBytes } from 'node:crypto'
import type { KeyKind } from '../db/sql/shops.ts'

/** The scopes of a secret key. */
export const SCOPES = ['cards', 'payments', 'top-ups', 'refunds', 'sales', 'webhooks'] as const
export type Scope = (typeof SCOPES)[number]
export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

/** The scopes whose requests move money. */
export const MONEY_SCOPES = ['payments', 'top-ups', 'refunds', 'sales'] as const satisfies readonly Scope[]
export const isMoneyScope = (scope: string): boolean => (MONEY_SCOPES as readonly string[]).includes(scope)

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 32
/** Bytes from here up would make the first characters likelier than the last ones. */
const FAIR = 256 - (256 % ALPHABET.length)

/**
 * 32 characters of 62: 190 bits. The prefix identifies the kind of key for people and for scanners of leaked secrets.
 */
export function newApiKey(kind: KeyKind, demo: boolean, random: (bytes: number) => Buffer = randomBytes): string {
  let drawn = ''
  while (drawn.length < LENGTH) {
    for (const byte of random(LENGTH)) {
      if (byte < FAIR && drawn.length < LENGTH) drawn += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return `${prefixOf(kind, demo)}${drawn}`
}

const prefixOf = (kind: KeyKind, demo: boolean): string =>
  kind === 'publishable' ? 'akart_pub_' : demo ? 'akart_demo_' : 'akart_live_'

const FORM = /^akart_(demo|live|pub)_[0-9A-Za-z]{32}$/u

/** Could this be a key? Says nothing about whether it is one. */
export const isApiKey = (text: string): boolean => FORM.test(text)

/** The stored form of a key, by which it is found: SHA-256, 64 hex digits. */
export const digestOf = (key: string): string => hash('sha256', key)

export const endingOf = (key: string): string => key.slice(-4)
