/** One line of a table of figures. */
export const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(12)).join('')
