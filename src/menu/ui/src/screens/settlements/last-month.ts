/** The last month, which is usually settled and booked: its first and its last day. */
export function lastMonth(): { from: string; to: string } {
  const now = new Date()
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0))
  return { from: from.toISOString().slice(0, 10), to: to.toISOString().slice(0, 10) }
}
