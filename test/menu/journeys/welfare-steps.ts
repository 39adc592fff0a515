import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** What a personnel clerk and the second person do with files and approvals. */

/** The file that a link of this name gives. */
export async function downloaded(page: Page, name: string): Promise<Buffer> {
  const waiting = page.waitForEvent('download')
  await page.getByRole('link', { name, exact: true }).click()
  return readFile(await (await waiting).path())
}

/** Chooses a file in the open dialog: lines of CSV, or a workbook. */
export async function chooseList(page: Page, name: string, content: readonly string[] | Buffer): Promise<void> {
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('dialog').getByRole('button', { name: 'List', exact: true }).click()
  const file =
    content instanceof Buffer
      ? { name, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: content }
      : { name, mimeType: 'text/csv', buffer: Buffer.from(content.join('\n')) }
  await (await choosing).setFiles(file)
}

export async function approve(page: Page, kind: string): Promise<void> {
  await page.goto('/approvals')
  await page.getByText(kind).first().waitFor()
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
}
