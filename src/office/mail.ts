/** A file that goes with a mail; in memory alone. */
export type MailFile = { readonly name: string; readonly type: string; readonly content: Buffer }

/** One message to one person: plain text, without numbers of cards. Attached are the voucher of an e-card or a report. */
export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The Message-ID; the same when the mail is sent again. */
  readonly messageId?: string
  readonly attachments?: readonly MailFile[]
}

/** @throws where the mail server does not take it */
export type SendMail = (mail: Mail) => Promise<void>
