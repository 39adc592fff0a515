import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseProfile, type Profile, type ProfileTexts } from '../../src/iso8583/profile.ts'
import { SetUpError } from '../set-up-error.ts'
import { readText } from '../read-text.ts'

/** `config/iso8583` of this package, seen from build/simulators/describe/. */
const DIRECTORY = fileURLToPath(new URL('../../../config/iso8583/', import.meta.url))

/** The profile taken if several fit. */
const USUAL = 'iso87-ascii'

function readProfile(file: string): Profile {
  const text = readText(file, { name: `--profile ${file}` })
  try {
    return parseProfile(text, file, shippedTexts())
  } catch (problem) {
    throw new SetUpError(problem instanceof Error ? problem.message : String(problem))
  }
}

const shippedNames = (): string[] =>
  readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))

/** The profiles that a profile may extend. */
const shippedTexts = (): ProfileTexts =>
  new Map(shippedNames().map((name) => [name, readFileSync(join(DIRECTORY, `${name}.yaml`), 'utf8')]))

const shipped = new Map<string, Profile>()

/** One of config/iso8583, read once: to parse one takes as long as to send a message with it. */
function shippedProfile(name: string): Profile {
  const profile = shipped.get(name) ?? readProfile(join(DIRECTORY, `${name}.yaml`))
  shipped.set(name, profile)
  return profile
}

/** All profiles of config/iso8583, the usual one first. Throws a SetUpError for one that cannot be used. */
export function ownProfiles(): Profile[] {
  const names = shippedNames().toSorted((a, b) => Number(b === USUAL) - Number(a === USUAL) || a.localeCompare(b))
  return names.map(shippedProfile)
}

/** The one of that name, or a profile of the caller's own by its file; no other is read. Throws a SetUpError. */
export const ownProfile = (name: string): Profile =>
  shippedNames().includes(name) ? shippedProfile(name) : profileNamed(name, ownProfiles())

/** One of them by its name, or a profile of the caller's own by its file. Throws a SetUpError. */
export function profileNamed(name: string, known: readonly Profile[]): Profile {
  const found = known.find((profile) => profile.name === name)
  if (found) return found
  if (name.endsWith('.yaml') || name.endsWith('.yml')) return readProfile(name)
  const names = known.map((profile) => profile.name).join(', ')
  throw new SetUpError(`--profile ${name}: expected one of ${names}, or a .yaml file`)
}
