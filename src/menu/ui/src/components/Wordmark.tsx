import classes from './Wordmark.module.css'

/** The logo: a card whose stripe is the double rule under a total. */
export function Wordmark({ compact = false }: { compact?: boolean }) {
  return (
    <span className={classes.wordmark}>
      <svg viewBox="0 0 24 18" className={classes.mark} aria-hidden>
        <rect x="0.9" y="0.9" width="22.2" height="16.2" rx="3" fill="none" stroke="currentColor" strokeWidth="1.8" />
        <path d="M1 9.3h22M1 12.5h22" stroke="currentColor" strokeWidth="1.6" />
      </svg>
      {!compact && (
        <span className={classes.words}>
          Akart<span className={classes.second}>Menu</span>
        </span>
      )}
    </span>
  )
}
