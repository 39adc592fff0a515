import { StringDecoder } from 'node:string_decoder'

/** The events of the XML reader; names without their prefix. `close` is also sent for an empty element. */
export type XmlEvent =
  | { readonly what: 'open'; readonly name: string; readonly attributes: string }
  | { readonly what: 'close'; readonly name: string }
  | { readonly what: 'text'; readonly text: string }
  /** Not XML as a spreadsheet writes it: a document type, a tag without end. Nothing comes after it. */
  | { readonly what: 'fault' }

/** Text and tags that are longer are not of a spreadsheet. */
const MOST_PENDING = 1_000_000

/** Reads XML piece by piece: at no time is more in memory than a piece and one tag. */
export function xmlReader(): { readonly read: (piece: Uint8Array) => XmlEvent[] } {
  const decoder = new StringDecoder('utf8')
  let pending = ''
  return {
    read(piece) {
      pending += decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
      const { events, rest } = eventsOf(pending)
      pending = rest
      return pending.length > MOST_PENDING ? [...events, { what: 'fault' }] : events
    },
  }
}

function eventsOf(xml: string): { events: XmlEvent[]; rest: string } {
  const events: XmlEvent[] = []
  let at = 0
  for (;;) {
    const open = xml.indexOf('<', at)
    // Text without a tag after it may go on in the next piece.
    if (open < 0) return { events, rest: xml.slice(at) }
    if (open > at) events.push({ what: 'text', text: unescaped(xml.slice(at, open)) })
    const end = endOf(xml, open)
    if (end < 0) return { events, rest: xml.slice(open) }
    if (!pushTag(events, xml.slice(open, end))) return { events, rest: '' }
    at = end
  }
}

/** Behind the tag, comment or section that begins at `open`; -1: it ends in a later piece. */
function endOf(xml: string, open: number): number {
  const [mark = ''] = ['<!--', '<![CDATA[', '<?'].filter((one) => xml.startsWith(one, open))
  const closing = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>', '': '>' }[mark] ?? '>'
  const end = xml.indexOf(closing, open)
  return end < 0 ? -1 : end + closing.length
}

function pushTag(events: XmlEvent[], tag: string): boolean {
  if (tag.startsWith('<?') || tag.startsWith('<!--')) return true
  if (tag.startsWith('<![CDATA[')) {
    events.push({ what: 'text', text: tag.slice(9, -3) })
    return true
  }
  if (tag.startsWith('<!')) {
    events.push({ what: 'fault' })
    return false
  }
  if (tag.startsWith('</')) {
    events.push({ what: 'close', name: local(tag.slice(2, -1).trim()) })
    return true
  }
  const isEmpty = tag.endsWith('/>')
  const inner = tag.slice(1, isEmpty ? -2 : -1)
  const blank = inner.search(/\s/u)
  const name = local(blank < 0 ? inner : inner.slice(0, blank))
  events.push({ what: 'open', name, attributes: blank < 0 ? '' : inner.slice(blank) })
  if (isEmpty) events.push({ what: 'close', name })
  return true
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

export const unescaped = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/gu,
        (whole, decimal?: string, hex?: string, name?: string) => {
          if (name !== undefined) return NAMED[name] ?? whole
          const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
          return code <= 0x10ffff ? String.fromCodePoint(code) : whole
        },
      )
    : text

/** Patterns by the name of an attribute; the readers use about a dozen. */
const PATTERNS = new Map<string, RegExp>()

/** The value of an attribute; null: the element does not have it. */
export function attribute(attributes: string, name: string): string | null {
  if (attributes === '') return null
  let pattern = PATTERNS.get(name)
  if (pattern === undefined) {
    pattern = new RegExp(`(?:^|\\s)(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'u')
    PATTERNS.set(name, pattern)
  }
  const found = pattern.exec(attributes)
  return found === null ? null : unescaped(found[1] ?? found[2] ?? '')
}
