import pc from 'picocolors'
import { maskNumber } from '../demo/cards.ts'
import { formatAmount } from '../terminal/amount.ts'
import { fit, widthOf } from './fit.ts'
import { commands } from './keys.ts'
import { listTitles, rowsOf } from './lists.ts'
import { menu } from './menu.ts'
import { type Mode, type Model, subjectOf } from './model.ts'

export type Size = { readonly columns: number; readonly rows: number }

const LEAST: Size = { columns: 72, rows: 16 }
const MENU_WIDTH = 34
const FRAME_ROWS = 6

/** The rows of a long list that are shown, so that `at` is among them. */
function windowOf<T>(
  rows: readonly T[],
  at: number,
  height: number,
): { readonly rows: readonly T[]; readonly from: number } {
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height))
  return { rows: rows.slice(from, from + height), from }
}

function headLines(model: Model): string[] {
  const { terminal, card, entry, target, lineUp } = model
  const line = lineUp ? pc.green(`● line to ${target}`) : pc.red(`○ no line to ${target}`)
  const who = `${pc.bold(terminal.terminal)}  store ${terminal.store}  ${terminal.confirmation}, MAC ${terminal.mac}`
  const worth = card !== null && card.balance > 0 ? `, ${formatAmount(card.balance)} at first` : ''
  const what =
    card === null ? pc.yellow('no card') : `${pc.bold(maskNumber(card.number))}  ${card.issue}, ${card.state}${worth}`
  const flags = [
    model.partial ? 'partial' : '',
    model.newCard ? 'new card' : '',
    model.withReceipt ? 'with receipt' : '',
    model.cutAfter ? 'line is cut after the next' : '',
  ].filter(Boolean)
  const subject = subjectOf(model)
  const about =
    subject === null ? '' : `  about ${subject.request.mti} ${subject.what} ${subject.request.fields[11] ?? ''}`
  return [
    `${pc.inverse(' Akart till ')}  ${who}   ${line}`,
    ` card ${what}  by ${entry}  ${pc.yellow(flags.join(' · '))}${pc.dim(about)}`,
  ]
}

function menuLines({ item, mode }: Model, height: number): string[] {
  const { rows, from } = windowOf(menu, item, height)
  return rows.map((row, i) => {
    if (row === null) return pc.dim('─'.repeat(MENU_WIDTH - 2))
    const text = `${from + i === item ? '>' : ' '} ${row.label.padEnd(19)} ${row.hint}`
    return from + i === item && mode.kind === 'menu' ? pc.inverse(text.padEnd(MENU_WIDTH - 2)) : text
  })
}

function listLines(model: Model, mode: Extract<Mode, { kind: 'list' }>, height: number): string[] {
  const all = rowsOf(model, mode.list, mode.filter)
  const { rows, from } = windowOf(all, mode.at, height - 2)
  const shown = rows.map(({ label }, i) => (from + i === mode.at ? pc.inverse(`> ${label}`) : `  ${label}`))
  return [
    `${pc.bold(listTitles[mode.list])}  ${pc.cyan(mode.filter)}${pc.dim('▏')}`,
    '',
    ...(all.length === 0 ? [pc.yellow('  there is none')] : shown),
  ]
}

function talkLines({ talk, back }: Model, height: number): readonly string[] {
  if (talk.length === 0)
    return [pc.dim('Choose with ↑ and ↓, do it with Enter. The talk is shown here, field by field.')]
  const to = Math.max(Math.min(height, talk.length), talk.length - back)
  return talk.slice(Math.max(0, to - height), to)
}

function footLine({ mode }: Model): string {
  switch (mode.kind) {
    case 'amount': {
      const fault = mode.fault === null ? pc.dim('Enter does it, Esc does not') : pc.red(mode.fault)
      return ` amount: ${pc.bold(mode.text)}${pc.dim('▏')}  ${fault}`
    }
    case 'list':
      return pc.dim(' ↑ ↓ choose  Enter take  Esc back')
    case 'menu':
      return ` ${Object.entries(commands)
        .map(([key, command]) => `${pc.bold(key)} ${pc.dim(command?.words ?? '')}`)
        .join('  ')}`
  }
}

/** Words in as many lines as they need. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split('  ')) {
    const last = lines.at(-1) ?? ''
    if (widthOf(last) + widthOf(word) + 2 <= width) lines[lines.length - 1] = last === '' ? word : `${last}  ${word}`
    else lines.push(` ${word}`)
  }
  return lines
}

/** The whole screen, a line for each row. */
export function view(model: Model, { columns, rows }: Size): string[] {
  if (columns < LEAST.columns || rows < LEAST.rows)
    return [`this window has ${columns} × ${rows}, and it takes ${LEAST.columns} × ${LEAST.rows}`]
  const rule = pc.dim('─'.repeat(columns))
  const foot = wrapped(footLine(model), columns)
  const height = rows - FRAME_ROWS + 2 - foot.length
  const left = menuLines(model, height)
  const right = model.mode.kind === 'list' ? listLines(model, model.mode, height) : talkLines(model, height)
  const body = Array.from(
    { length: height },
    (_, i) => `${fit(left[i] ?? '', MENU_WIDTH)}${pc.dim('│')} ${right[i] ?? ''}`,
  )
  return [...headLines(model), rule, ...body, rule, ...foot].map((line) => fit(line, columns))
}
