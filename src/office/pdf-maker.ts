import { createRequire } from 'node:module'

/** Fonts with Polish letters, which the built-in fonts of PDF do not have. */
export const FONT = 'DejaVu'

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)

/** Loaded when first needed, because loading takes 0.4 s. It reads only its own fonts, and no other files or addresses. */
export async function pdfMaker() {
  const { default: pdfmake } = await import('pdfmake')
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => path.endsWith('.ttf'))
  pdfmake.setFonts({ [FONT]: { normal: fontFile('DejaVuSans'), bold: fontFile('DejaVuSans-Bold') } })
  return pdfmake
}
