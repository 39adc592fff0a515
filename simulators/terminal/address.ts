import { SetUpError } from '../set-up-error.ts'

export type Address = { host: string; port: number }

/** `HOST:PORT` or `[::1]:PORT`. Throws a SetUpError. */
export function parseAddress(text: string): Address {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text)
  const host = found?.[1] ?? found?.[2]
  const port = Number(found?.[3])
  if (host === undefined || port < 1 || port > 65_535)
    throw new SetUpError(`--target ${text}: expected HOST:PORT, for instance 127.0.0.1:8583`)
  return { host, port }
}

export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
