import { createRequire } from 'node:module'

/** Names are Polish: the fonts of PDF itself have no letters for them. */
export const FONT = 'DejaVu'

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)

/** Loaded when first needed: it takes 0.4 s, and every start of akart can do without. It reads its fonts, and nothing from elsewhere. */
export async function pdfMaker() {
  const { default: pdfmake } = await import('pdfmake')
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => path.endsWith('.ttf'))
  pdfmake.setFonts({ [FONT]: { normal: fontFile('DejaVuSans'), bold: fontFile('DejaVuSans-Bold') } })
  return pdfmake
}
