import { BlockList, isIPv6 } from 'node:net'
import { isNetwork } from '../config/network.ts'
import { refused, type Refused } from './refusal.ts'

/** Length of the columns of API keys and price checkers, which hold the networks joined. */
export const NETWORKS_LENGTH = 1_000

/** Why a list of networks cannot be saved; null: it can, and {@link mayComeFrom} reads it. */
export function networksObjection(networks: readonly string[]): Refused | null {
  const wrong = networks.find((network) => !isNetwork(network))
  if (wrong !== undefined) return refused('network_invalid', { network: wrong })
  const length = networks.join(' ').length
  return length > NETWORKS_LENGTH ? refused('networks_too_long', { length, most: NETWORKS_LENGTH }) : null
}

/** Whether an address belongs to one of these addresses and networks (`10.0.0.0/8`); no networks: all addresses. */
export function mayComeFrom(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', bits] = network.split('/')
    const family = isIPv6(base) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(base, family)
    else list.addSubnet(base, Number(bits), family)
  }
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1] ?? address
  return list.check(four, isIPv6(four) ? 'ipv6' : 'ipv4')
}
