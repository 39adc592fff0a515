import type { Language } from './problem.ts'
import type { Theme } from './theme.ts'

/** Text that is already HTML; all other text is escaped when it is put into a template. */
export type Html = { readonly html: string }

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (value: string | Html | readonly Html[]): string =>
  typeof value === 'string'
    ? value.replace(/[&<>"']/gu, (character) => ESCAPES[character] ?? character)
    : 'html' in value
      ? value.html
      : value.map((part) => part.html).join('')

/** A template of HTML that escapes its values unless they are already HTML. */
export const html = (parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html => ({
  html: parts.map((part, i) => (i === 0 ? part : `${escaped(values[i - 1] ?? '')}${part}`)).join(''),
})

export type PageHead = {
  readonly language: Language
  readonly title: string
  readonly theme: Theme
  /** Path of the page's script; most pages have none. */
  readonly script?: string
}

/** The shop's picture and name, at the top of a page. */
export const brand = ({ name, logo }: Theme): Html =>
  html`<span class="name">${logo === null ? [] : html`<img src="/assets/logo" alt="" height="32" />`} ${name}</span>`

/** Renders words between backticks as code. */
export const withCode = (text: string): Html[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))

/** A complete page: one style sheet, and no script unless given. */
export const page = ({ language, title, script }: PageHead, body: Html): string =>
  `<!doctype html>\n${
    html`<html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/pages.css" />
        ${script === undefined ? [] : html`<script src="${script}" defer></script>`}
      </head>
      <body>
        ${body}
      </body>
    </html>`.html
  }\n`
