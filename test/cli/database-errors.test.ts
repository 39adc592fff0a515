import t from 'tap'
import { explainDatabaseError } from '../../src/cli/database-errors.ts'
import { CommandError, UsageError } from '../../src/cli/usage-error.ts'

t.test(
  'what a database refuses is explainDatabaseError in one line with what to do; what is our mistake keeps its stack',
  async (t) => {
    const rows: [errno: number, message: string, kind: typeof CommandError | typeof UsageError, said: RegExp][] = [
      [
        1142,
        "CREATE command denied to user 'akart'@'%' for table `x`",
        CommandError,
        /denied.*akart database grants prints/u,
      ],
      [
        1044,
        "Access denied for user 'akart'@'%' to database 'other'",
        CommandError,
        /Access denied.*akart database grants prints/u,
      ],
      [1045, "Access denied for user 'akart'@'%'", CommandError, /user and password in AKART_DATABASE_URL$/u],
      [1267, 'Illegal mix of collations', UsageError, /there is none such: Łódź$/u],
      [
        3854,
        "Cannot convert string '\\xC5\\x81\\xC3\\xB3d...' from utf8mb4 to ascii",
        UsageError,
        /there is none such: Łódź$/u,
      ],
    ]
    for (const [errno, message, kind, said] of rows) {
      const error = explainDatabaseError(Object.assign(new Error(message), { errno }), ['show', 'Łódź'])
      t.ok(error instanceof kind)
      t.match(error, { message: said })
      t.notMatch((error as Error).message, /\n/u)
    }
    const ours = Object.assign(new Error('You have an error in your SQL syntax'), { errno: 1064 })
    t.equal(explainDatabaseError(ours, []), ours)
    t.equal(explainDatabaseError('text', []), 'text')
  },
)
