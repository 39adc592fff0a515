/** What is said of a refusal at each door. `{name}` in a text stands for the detail of that name. */
export type RefusalRule = {
  /** HTTP status (RFC 9110). */
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503
  readonly en: string
  readonly pl: string
  /** What the command line adds: what to type instead; empty where there is nothing to add. */
  readonly hint: string
}
