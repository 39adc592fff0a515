/** Restores a value that came from another thread, where buffers arrive as plain byte arrays. */
export const revived = <T>(value: T): T =>
  (value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revived(inner)]))
      : value) as T
