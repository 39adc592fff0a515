import { setUpError } from '../config/set-up-error.ts'
import type { DatabaseNode } from './cluster.ts'

const HOST = /^(?:\[(?<six>[\da-f:.]+)\]|(?<name>[^\s[\]:@]+))(?::(?<port>\d{1,5}))?$/iu

/**
 * The hosts of a database URL, `mysql://user@one:3306,two,three/akart`, and the URL with the first alone, which is one
 * that everybody can read. One host alone is not looked at here.
 *
 * @throws a set-up error that names the host
 */
export function hostsOf(text: string, defaultPort: number): { first: string; nodes: readonly DatabaseNode[] } {
  const [all, before = '', listed = ''] = /^(mysql:\/\/(?:[^/?#]*@)?)([^/?#]*)/u.exec(text) ?? []
  if (all === undefined || !listed.includes(',')) return { first: text, nodes: [] }
  const hosts = listed.split(',')
  const nodes = hosts.map((host) => {
    const { six, name, port } = HOST.exec(host)?.groups ?? {}
    const number = port === undefined ? defaultPort : Number(port)
    if ((six ?? name) === undefined || number > 65_535) {
      throw setUpError(`database URL: ${host === '' ? 'an empty host' : `host ${host}`} in the list of hosts`)
    }
    return { host: six ?? name ?? '', port: number }
  })
  const twice = nodes.find((node, i) => nodes.findIndex((o) => o.host === node.host && o.port === node.port) !== i)
  if (twice !== undefined) throw setUpError(`database URL: host ${twice.host}:${twice.port} is listed twice`)
  return { first: `${before}${hosts[0] ?? ''}${text.slice(all.length)}`, nodes }
}
