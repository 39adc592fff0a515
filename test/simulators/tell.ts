import { describeCommand, type DescribeOptions } from '../../simulators/commands/describe.ts'

// picocolors leaves colours out where there is no terminal, but not where FORCE_COLOR or CI is set.
// oxlint-disable-next-line no-control-regex
export const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, '')

async function* bytesIn(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

export type Told = { code: number; text: string }

/** The output of `akart-sim describe`, and its exit code. */
export async function tell(
  input: string[],
  options: Partial<DescribeOptions> = {},
  stdin: Buffer = Buffer.alloc(0),
): Promise<Told> {
  const lines: string[] = []
  const usual: DescribeOptions = {
    input,
    profile: undefined,
    textCharset: undefined,
    length: 'auto',
    tpdu: 'auto',
    port: [],
    json: false,
  }
  const code = await describeCommand({ ...usual, ...options }, bytesIn(stdin), (line) => void lines.push(line))
  return { code, text: plain(lines.join('\n')) }
}
