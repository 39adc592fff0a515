/** The Content-Security-Policy of AkartMenu: our own script alone; styles inline too, since Mantine writes some. */
export const MENU_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')
