import { readFileSync } from 'node:fs'
import { parseProfile, type Profile } from '../../src/iso8583/profile.ts'

export const PROFILE_NAMES = ['iso87-ascii', 'iso87-hex', 'iso87-bcd', 'iso87-ebcdic'] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]

export const profileText = (name: ProfileName): string =>
  readFileSync(new URL(`../../../config/iso8583/${name}.yaml`, import.meta.url), 'utf8')

/** The profiles that a profile may extend. */
export const PROFILE_TEXTS = new Map<string, string>(PROFILE_NAMES.map((name) => [name, profileText(name)]))

/** The profiles as they are delivered. */
export const PROFILES = Object.fromEntries(
  PROFILE_NAMES.map((name) => [name, parseProfile(profileText(name), `${name}.yaml`, PROFILE_TEXTS)]),
) as Record<ProfileName, Profile>
