import { inflateSync } from 'node:zlib'

/** What stands on each page of a PDF of ours, line after line: glyphs are translated by the fonts' own tables (ISO 32000, 9.10.3). */
export function pagesOf(pdf: Buffer): string[] {
  const file = pdf.toString('latin1')
  const objects = new Map([...file.matchAll(/(\d+) 0 obj\r?\n([\s\S]*?)\r?\nendobj/gu)].map(([, id = '', body = '']) => [id, body])) // prettier-ignore
  const streamOf = (id: string): string => {
    const [, body = ''] = /stream\r?\n([\s\S]*?)\nendstream/u.exec(objects.get(id) ?? '') ?? []
    const bytes = Buffer.from(body, 'latin1')
    return /FlateDecode/u.test(objects.get(id) ?? '') ? inflateSync(bytes).toString('latin1') : body
  }
  const fonts = new Map(
    [...file.matchAll(/\/(F\d+) (\d+) 0 R/gu)].map(([, name = '', id = '']) => {
      const [, table = ''] = /\/ToUnicode (\d+) 0 R/u.exec(objects.get(id) ?? '') ?? []
      return [name, glyphsOf(streamOf(table))]
    }),
  )
  return [...objects.values()]
    .filter((body) => /\/Type \/Page\r?\n/u.test(body))
    .map((body) => textOf(streamOf(/\/Contents (\d+) 0 R/u.exec(body)?.[1] ?? ''), fonts))
}

/** Letters by glyph: `<0000> <0011> [<0041> <0042> …]` of a table. */
function glyphsOf(table: string): Map<number, string> {
  const glyphs = new Map<number, string>()
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/giu)) {
    for (const [i, [, units = '']] of [...list.matchAll(/<([0-9a-f ]*)>/giu)].entries()) {
      const letters = (units.match(/[0-9a-f]{4}/giu) ?? []).map((unit) => Number.parseInt(unit, 16))
      glyphs.set(Number.parseInt(first, 16) + i, String.fromCharCode(...letters))
    }
  }
  return glyphs
}

function textOf(page: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): string {
  let glyphs: ReadonlyMap<number, string> = new Map()
  const texts: string[] = []
  for (const [, font, shown = ''] of page.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/gu)) {
    if (font !== undefined) {
      glyphs = fonts.get(font) ?? glyphs
      continue
    }
    const codes = [...shown.matchAll(/<([0-9a-f]*)>/giu)].flatMap(([, hex = '']) => hex.match(/.{4}/gu) ?? [])
    texts.push(codes.map((code) => glyphs.get(Number.parseInt(code, 16)) ?? '?').join(''))
  }
  return texts.join('\n')
}
