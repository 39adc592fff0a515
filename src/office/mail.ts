/** One message to one person: plain text, without numbers of cards. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

/** @throws where the mail server does not take it */
export type SendMail = (mail: Mail) => Promise<void>
