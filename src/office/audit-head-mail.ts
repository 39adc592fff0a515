import type { AuditAnchor } from './audit-verification.ts'
import type { SendMail } from './mail.ts'

/**
 * Mails the head of the audit chain, so that it is also kept where nobody with write access to database or home can change it.
 * Each head is mailed once; if the mail server refuses it, it is sent at the next poll. Returns whether there was a new one.
 */
export function headMailer(anchor: () => Promise<AuditAnchor | null>, send: SendMail, to: string) {
  let mailed = 0
  return async (): Promise<boolean> => {
    const kept = await anchor()
    if (kept === null || kept.head.seq === mailed) return false
    const { seq, hash } = kept.head
    const at = new Date(kept.at).toISOString()
    const text =
      `Row ${seq} of the audit, ${at}:\n${hash}\n\n` +
      'akart audit verify holds the chain against the head that its own home keeps; this mail is that head kept elsewhere.\n\n' +
      `Wiersz ${seq} dziennika, ${at}: skrót jak wyżej. Ten list przechowuje go poza instalacją.\n`
    await send({ to, subject: `Akart: audit ${seq}`, text })
    mailed = seq
    return true
  }
}
