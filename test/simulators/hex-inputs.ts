/** Bytes as hex as people have it in their clipboards: from logs, sources, and the programs that dump. */
export function hexInputs(bytes: Buffer): Record<string, string> {
  const hex = bytes.toString('hex')
  const pairs = hex.match(/../g) ?? []
  const rows = Array.from({ length: 8 }, (_, i) => pairs.slice(16 * i, 16 * i + 16))
  const words = (row: string[]): string => (row.join('').match(/.{1,4}/g) ?? []).join(' ')
  const text = (i: number): string => bytes.toString('latin1', 16 * i, 16 * i + 16).replace(/[^ -~]/g, '.')
  const place = (i: number, size: number): string => (16 * i).toString(16).padStart(size, '0')
  const halves = (row: string[]): string => `${row.slice(0, 8).join(' ')}  ${row.slice(8).join(' ')}`
  return {
    plain: hex,
    capitals: hex.toUpperCase(),
    spaces: pairs.join(' '),
    lines: rows.map((row) => row.join(' ')).join('\r\n'),
    colons: pairs.join(':'),
    '0x': pairs.map((pair) => `0x${pair}`).join(', '),
    escapes: pairs.map((pair) => `\\x${pair}`).join(''),
    xxd: rows.map((row, i) => `${place(i, 8)}: ${words(row).padEnd(39)}  ${text(i)}`).join('\n'),
    hexdump: [
      ...rows.map((row, i) => `${place(i, 8)}  ${halves(row).padEnd(48)}  |${text(i)}|`),
      `${bytes.length.toString(16).padStart(8, '0')}\n`,
    ].join('\n'),
    tcpdump: rows.map((row, i) => `\t0x${place(i, 4)}:  ${words(row).padEnd(39)}  ${text(i)}`).join('\n'),
    Wireshark: rows.map((row, i) => `${place(i, 4)}   ${row.join(' ').padEnd(47)}   ${text(i)}`).join('\n'),
  }
}
