/**
 * Pauses that grow with each failure in a row: `first`, twice that, … up to `most` ms, each between half and all of it,
 * so that those who failed together do not come back together.
 *
 * @param draw 0 to 1
 */
export const backOff = (failures: number, first: number, most: number, draw: number): number =>
  failures === 0 ? 0 : Math.min(most, first * 2 ** Math.min(failures - 1, 30)) * (0.5 + draw / 2)
