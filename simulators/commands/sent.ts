import type { Argv } from 'yargs'
import { readSaved, savedLine } from '../send/saved.ts'

export const sentOptions = <T>(args: Argv<T>) =>
  args
    .option('saved', { type: 'string', default: '.akart-sim/sent.jsonl', describe: 'FILE with the messages sent' })
    .option('most', { type: 'number', default: 20, describe: 'maximum number, newest first' })
    .option('json', { type: 'boolean', default: false, describe: 'JSON, for programs' })

/** `akart-sim sent`: what `send` sent, the newest first. */
export function sentCommand(
  { saved, most, json }: { saved: string; most: number; json: boolean },
  write: (line: string) => void,
): number {
  const all = readSaved(saved).toReversed().slice(0, most)
  for (const one of all) write(json ? JSON.stringify(one) : savedLine(one))
  if (all.length === 0 && !json) write('nothing was sent yet')
  return 0
}
