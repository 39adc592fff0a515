import { html, page, withCode } from './page.ts'
import type { Language } from './problem.ts'
import type { Theme } from './theme.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'

const WORDS = {
  en: { meaning: 'What it means', remedy: 'What to do', status: 'HTTP status' },
  pl: { meaning: 'Co to znaczy', remedy: 'Co zrobić', status: 'Status HTTP' },
} as const satisfies Record<Language, Readonly<Record<string, string>>>

/** `/problems/<code>`: the meaning of a problem and its remedy. No script. */
export function problemPage(code: ProblemCode, language: Language, theme: Theme): string {
  const { status, title, meaning, remedy } = PROBLEMS[code]
  const words = WORDS[language]
  return page(
    { language, title: title[language], theme },
    html`<main>
      <p class="eyebrow"><code>${code}</code> · ${words.status} ${String(status)}</p>
      <h1>${title[language]}</h1>
      <h2>${words.meaning}</h2>
      <p>${withCode(meaning[language])}</p>
      <h2>${words.remedy}</h2>
      <p>${withCode(remedy[language])}</p>
    </main>`,
  )
}
