import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setUpError } from '../config/set-up-error.ts'
import { parseProfile, type Profile, type ProfileTexts } from '../iso8583/profile.ts'
import { answerFaults } from '../messages/answer-faults.ts'

/** `config/iso8583` of this package, seen from build/src/app/. */
const DIRECTORY = new URL('../../../config/iso8583/', import.meta.url)

const isPath = (name: string): boolean => name.endsWith('.yaml')
const shownAs = (name: string): string => (isPath(name) ? name : `config/iso8583/${name}.yaml`)

/** Reads the profile of that name in config/iso8583, or from a path that ends in .yaml. @throws a set-up error with file, line and reason */
export async function readProfile(name: string): Promise<Profile> {
  const shown = shownAs(name)
  const text = await readFile(isPath(name) ? name : fileURLToPath(new URL(`${name}.yaml`, DIRECTORY)), 'utf8').catch(
    () => {
      throw setUpError(`profile ${name}: there is no ${shown}`)
    },
  )
  const texts = await shippedTexts()
  try {
    return parseProfile(text, shown, texts)
  } catch (error) {
    throw setUpError(error instanceof Error ? error.message : String(error))
  }
}

/** The profiles of config/iso8583, which a dialect may extend. */
async function shippedTexts(): Promise<ProfileTexts> {
  const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.yaml')).sort()
  const texts = files.map(
    async (file) => [file.slice(0, -5), await readFile(new URL(file, DIRECTORY), 'utf8')] as const,
  )
  return new Map(await Promise.all(texts))
}

/**
 * Reads the profile of terminals. The profile must be able to express every answer of the switch, so that no
 * transaction is booked whose answer cannot be sent. @throws a set-up error that names every missing element
 */
export async function readTerminalProfile(name: string): Promise<Profile> {
  const profile = await readProfile(name)
  const faults = answerFaults(profile)
  if (faults.length === 0) return profile
  throw setUpError(faults.map(({ place, text }) => `${place}: an answer cannot be said: ${text}`).join('\n'))
}
