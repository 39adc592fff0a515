/** The texts of a refusal for each door. `{name}` in a text is replaced by the detail of that name. */
export type RefusalRule = {
  /** HTTP status (RFC 9110). */
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503
  readonly en: string
  readonly pl: string
  /** The hint of the command line: what to type instead; empty if there is none. */
  readonly hint: string
}
