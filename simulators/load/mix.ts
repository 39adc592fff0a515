import { SetUpError } from '../set-up-error.ts'

export const loadOperations = ['payment', 'balance', 'topup', 'echo'] as const
export type LoadOperation = (typeof loadOperations)[number]

/** What the load consists of. `confirm`: approvals of terminals that confirm explicitly are followed by an 0202. */
export type Mix = { shares: { operation: LoadOperation; share: number }[]; confirm: boolean }

/** Reads `payment=80,confirm,balance=10`. Throws a SetUpError. */
export function parseMix(text: string): Mix {
  const mix: Mix = { shares: [], confirm: false }
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === 'confirm') {
      mix.confirm = true
      continue
    }
    const [name, weight = '1'] = part.split('=')
    const operation = loadOperations.find((known) => known === name)
    const share = Number(weight)
    if (!operation) throw new SetUpError(`--mix: '${name}', expected confirm or one of ${loadOperations.join(', ')}`)
    if (!(share > 0) || !Number.isFinite(share)) throw new SetUpError(`--mix: ${part}: a share is a number above zero`)
    mix.shares.push({ operation, share })
  }
  if (mix.shares.length === 0) throw new SetUpError('--mix: nothing to send, for instance payment=80,balance=20')
  return mix
}

/** The operation for a random number from 0 to 1. */
export function drawOperation({ shares }: Mix, random: number): LoadOperation {
  const total = shares.reduce((sum, { share }) => sum + share, 0)
  let left = random * total
  for (const { operation, share } of shares) {
    left -= share
    if (left < 0) return operation
  }
  return shares.at(-1)?.operation ?? 'echo'
}
