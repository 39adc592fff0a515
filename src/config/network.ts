import { isIP } from 'node:net'

/** An address, or a network as `10.0.0.0/8` or `2001:db8::/32`. */
export function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  return (
    more.length === 0 && most !== undefined && (bits === undefined || (/^\d+$/u.test(bits) && Number(bits) <= most))
  )
}
