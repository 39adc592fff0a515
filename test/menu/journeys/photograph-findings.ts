import { TEXTS } from '../../../src/menu/ui/src/i18n/texts.ts'

/* What a machine can see on a page of AkartMenu. Programs for the browser are texts: these tests know no DOM. */

/** The texts that are seen, each once. */
export const SEEN_TEXTS = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts = new Set()
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode
    const text = (textContent ?? '').trim()
    if (text !== '' && parentElement?.checkVisibility() && !['SCRIPT', 'STYLE'].includes(parentElement.tagName)) texts.add(text)
  }
  return [...texts]
})()`

/** What runs over the page, is cut off, or makes a row of a table tall. */
export const LAYOUT_FAULTS = `(() => {
  const faults = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) faults.push('the page is ' + (root.scrollWidth - root.clientWidth) + ' px too wide')
  const textOf = (element) => (element.value ?? element.textContent ?? '').trim().replaceAll(/\\s+/g, ' ').slice(0, 90)
  const pen = document.createElement('canvas').getContext('2d')
  for (const element of document.querySelectorAll('main *, [role=dialog] *')) {
    const { clientWidth, scrollWidth } = element
    if (clientWidth < 8 || element.closest('svg') !== null) continue
    const style = getComputedStyle(element)
    if (element.tagName === 'SELECT') {
      pen.font = style.font
      const text = element.selectedOptions[0]?.text ?? ''
      const room = clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
      if (pen.measureText(text).width > room + 1) faults.push('cut in a select: ' + text)
    } else if (scrollWidth > clientWidth + 1 && (style.overflowX !== 'visible' || element.tagName === 'INPUT')) {
      const said = element.title || element.querySelector('[title]')?.title || element.closest('[title]')?.title
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') faults.push('scrolls sideways: ' + textOf(element))
      else if (!said) faults.push('cut, and not said on hover: ' + textOf(element))
    }
  }
  for (const row of document.querySelectorAll('tbody tr')) {
    if (row.offsetHeight > 64) { faults.push('tall row, ' + row.offsetHeight + ' px: ' + textOf(row)); break }
  }
  return [...new Set(faults)].slice(0, 12)
})()`

const wordsOf = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => text.toLowerCase().match(/\p{L}{3,}/gu) ?? []))
const english = wordsOf(Object.values(TEXTS).map(([en]) => en))
const polish = wordsOf(Object.values(TEXTS).map(([, pl]) => pl))
const foreign = new Set([...english].filter((word) => !polish.has(word)))

const CODE = /^(?:[a-z]+(?:_[a-z]+)+|[a-z]+[A-Z][A-Za-z]*|[a-z]+(?:\.[a-z][A-Za-z]*)+)$/u
/** In Polish a comma stands before the decimals, and a day has its month in words. */
const AMOUNT = /(?<![\d.])\d[\d ]*\.\d{2}(?![\d.])/u
const DAY = /\b\d{4}-\d{2}-\d{2}\b/u

/** Finds texts in the other language, codes, and values in a wrong form; it also reports names of people and shops. */
export function textFaults(texts: readonly string[], language: 'en' | 'pl'): string[] {
  const faults: string[] = []
  for (const text of texts) {
    const shown = text.slice(0, 120)
    if (CODE.test(text)) faults.push(`a code: ${shown}`)
    if (DAY.test(text)) faults.push(`a day as a machine writes it: ${shown}`)
    if (language === 'en') continue
    if (AMOUNT.test(text)) faults.push(`an amount with a dot: ${shown}`)
    const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? []
    const not = words.filter((word) => foreign.has(word))
    if (not.length > 0) faults.push(`English (${not.slice(0, 4).join(' ')}): ${shown}`)
  }
  return faults
}
