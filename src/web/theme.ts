/** How the pages look: the name at the top, a picture beside it, and the colours of links and buttons. */
export type Theme = {
  readonly name: string
  /** The picture; null: only the name is shown. */
  readonly logo: { readonly type: string; readonly content: Buffer } | null
  readonly colours: {
    /** The colour of links, buttons and focus on white, and on the dark background. */
    readonly accent: string | null
    readonly accentDark: string | null
  }
}

export const PLAIN_THEME: Theme = { name: 'Akart', logo: null, colours: { accent: null, accentDark: null } }

/** The CSS that follows the style sheet of the pages. */
export const themeCss = ({ colours: { accent, accentDark } }: Theme): string =>
  [
    accent === null ? '' : `:root { --accent: ${accent}; --on-accent: #fff; }\n`,
    accentDark === null
      ? ''
      : `@media (prefers-color-scheme: dark) { :root { --accent: ${accentDark}; --on-accent: #06262c; } }\n`,
  ].join('')
