/**
 * Cuts a file of SQL into its statements. The pieces put together again are the file, byte for byte: each holds the
 * comments before its statement and the semicolon after it, and the last one whatever follows the last semicolon.
 *
 * Plain statements only, no procedure bodies (`BEGIN … ; … END`): they would be cut in the middle.
 */
export function splitScript(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (const token of text.matchAll(TOKEN)) {
    if (token[0] !== ';') continue
    const end = token.index + 1
    pieces.push(text.slice(from, end))
    from = end
  }
  const rest = text.slice(from)
  return rest === '' ? pieces : [...pieces, rest]
}

/** The statement in a piece, without comments; empty where there is none. */
export function statementOf(piece: string): string {
  return piece
    .replace(TOKEN, (token) => (isComment(token) ? ' ' : token === ';' ? '' : token))
    .replace(/[^\S\n]+\n/g, '\n')
    .trim()
}

// The tokens that may contain a semicolon: text, quoted names, comments. In text a backslash escapes the next
// character.
const TOKEN =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|;/g

function isComment(token: string): boolean {
  return token.startsWith('--') || token.startsWith('#') || token.startsWith('/*')
}
