import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Config } from '../config/schema.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Theme } from '../web/theme.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
}

/** The contrast to its background that text needs to be readable (WCAG 2.2, 1.4.3). */
const CONTRAST = 4.5
const GROUND = { accent: '#ffffff', accentDark: '#161d1b' } as const

/** @throws a set-up error if the logo file cannot be read, or a colour has too little contrast to its background */
export async function readTheme({ web: { theme } }: Config): Promise<Theme> {
  const { name, logo, colours } = theme
  for (const which of ['accent', 'accentDark'] as const) {
    const colour = colours[which]
    if (colour === null || contrast(colour, GROUND[which]) >= CONTRAST) continue
    const found = contrast(colour, GROUND[which]).toFixed(1)
    throw setUpError(
      `web.theme.colours.${which}: ${colour} on ${GROUND[which]} has a contrast of ${found}; people need ${CONTRAST} to read it`,
    )
  }
  if (logo === null) return { name, logo, colours }
  const content = await readFile(logo).catch((error: unknown) => {
    throw setUpError(`web.theme.logo: ${error instanceof Error ? error.message : String(error)}`)
  })
  return { name, logo: { type: TYPES[extname(logo)] ?? 'application/octet-stream', content }, colours }
}

/** WCAG 2.2, relative luminance: of #rrggbb. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [light = 1, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}
