/** The meaning of the operating system's error codes, for the person who named the file. The code is shown too, because it can be searched for. */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EEXIST: 'it exists already',
  EISDIR: 'it is a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is not a directory',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
}

/** Why a file could not be read or written: `no such file or directory (ENOENT)`. An error without a code: `otherwise`. */
export function fileErrorText(error: unknown, otherwise = 'unknown reason'): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === null) return otherwise
  return Object.hasOwn(TEXTS, code) ? `${TEXTS[code]} (${code})` : code
}
