import type { Argv, CommandModule } from 'yargs'
import { inHomeOffice } from '../app/home-office.ts'
import type { Actor } from '../office/actor.ts'
import { commandActor } from '../office/command-persons.ts'
import { abandonImport, giveComponent } from '../office/key-import.ts'
import { importKey } from '../office/new-terminal-key.ts'
import type { Office } from '../office/office.ts'
import { isRefused, type Refused, refusalPhrase } from '../office/refusal.ts'
import { readComponent, readComponents } from './read-components.ts'
import { UsageError } from './usage-error.ts'
import { ALGORITHM, withKey, type Which } from './which-key.ts'
import { done, operatingSystemUser, withOffice } from './with-office.ts'

type Import = Which & {
  algorithm: 'tdes' | 'aes' | undefined
  file: string | undefined
  replace: boolean
  sitting: boolean
  components: number | undefined
  checkValue: string | undefined
  abandon: boolean
}

/** `akart keys import`: by one ceremony, or by sittings of several people. */
export const keyImportCommand: CommandModule<object, Import> = {
  command: 'import <terminal> <purpose>',
  describe: 'Import a key from its components, each with its check value, from the prompt or a file',
  builder: (yargs) =>
    importing(yargs).check(({ sitting, components, checkValue, abandon }) => {
      if ((components === undefined) !== (checkValue === undefined)) {
        throw new UsageError('--components and --check-value go together: the first person says both')
      }
      if (components !== undefined && !sitting) throw new UsageError('--components is for --sitting')
      if (abandon && sitting) throw new UsageError('--abandon and --sitting exclude each other')
      if (checkValue !== undefined && !/^(?:[0-9a-f]{2}){3,5}$/iu.test(checkValue)) {
        throw new UsageError('--check-value takes 6 to 10 hexadecimal digits')
      }
      return true
    }),
  handler: (given) => (given.abandon ? abandon(given) : given.sitting ? sit(given) : loadAtOnce(given)),
}

const importing = (yargs: Argv): Argv<Import> =>
  withKey(yargs)
    .option('algorithm', ALGORITHM)
    .option('file', { type: 'string', describe: 'file with the answers to the prompts; - is standard input' })
    .option('replace', { type: 'boolean', default: false, describe: 'replace the existing key' })
    .option('sitting', { type: 'boolean', default: false, describe: 'enter one component, as its custodian' })
    .option('components', { type: 'number', describe: 'for the first custodian: number of components, 2 or 3' })
    .option('check-value', { type: 'string', describe: 'for the first custodian: check value of the whole key' })
    .option('abandon', {
      type: 'boolean',
      default: false,
      describe: 'discard the components that were entered',
    }) as never

async function loadAtOnce({ home, who, terminal, purpose, algorithm, file, replace }: Import): Promise<void> {
  const given = await readComponents(file)
  const input = { terminal, purpose, given, algorithm: algorithm ?? null, replaces: replace }
  const checkValue = await typed(home, who, (office, actor) => importKey(office, actor, input))
  console.log(`${terminal} ${purpose}: check value ${checkValue}`)
}

async function sit(given: Import): Promise<void> {
  const { home, who, terminal, purpose, algorithm = null, file, replace, components, checkValue } = given
  const component = await readComponent(file)
  const begins =
    components === undefined || checkValue === undefined
      ? null
      : { algorithm, components, checkValue, replaces: replace }
  const input = { terminal, purpose, component, begins }
  const sitting = await typed(home, who, (office, actor) => giveComponent(office, actor, input))
  if (sitting.checkValue !== null) return console.log(`${terminal} ${purpose}: check value ${sitting.checkValue}`)
  const until = new Date(sitting.until).toISOString().slice(0, 16).replace('T', ' ')
  console.log(
    `${terminal} ${purpose}: ${sitting.given} of ${sitting.of} components are kept, sealed, until ${until} UTC`,
  )
  console.log(`the next person: akart keys import ${terminal} ${purpose} --sitting --who THEM`)
}

async function abandon({ home, who, terminal, purpose }: Import): Promise<void> {
  await withOffice(home, who, (office, actor) => abandonImport(office, actor, { terminal, purpose }))
  console.log(`${terminal} ${purpose}: the components that were entered are discarded`)
}

/** Repeats a refusal of the typed components as a usage error. @throws UsageError */
async function typed<T>(
  home: string,
  who: string,
  work: (office: Office, actor: Actor) => Promise<T | Refused>,
): Promise<Exclude<T, Refused>> {
  const result = await inHomeOffice(home, async (office) =>
    work(office, await commandActor(office, who, operatingSystemUser())),
  )
  if (isRefused(result) && result.refused === 'wrong_components') throw new UsageError(refusalPhrase(result, 'en'))
  return done(result as T)
}
