/**
 * Exponential back-off: `first`, twice that, … up to `most` ms, each multiplied by a random factor from 0.5 to 1, so
 * that processes that failed together do not retry together.
 *
 * @param draw 0 to 1
 */
export const backOff = (failures: number, first: number, most: number, draw: number): number =>
  failures === 0 ? 0 : Math.min(most, first * 2 ** Math.min(failures - 1, 30)) * (0.5 + draw / 2)
