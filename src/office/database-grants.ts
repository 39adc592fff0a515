/** The database users: one for the service, one for migrations. */
export type Grantees = {
  readonly database: string
  readonly service: string
  readonly migrations: string
  /** The host part of both users, after the `@`: from where they may connect. */
  readonly from: string
}

/** The privileges of `akart up` and all other commands: rows, no tables. */
export const SERVICE_RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

/** Additional privileges of `akart database migrate`, which creates and changes tables and moves rows between them. */
export const MIGRATION_RIGHTS = [...SERVICE_RIGHTS, 'CREATE', 'ALTER', 'DROP', 'INDEX', 'REFERENCES'] as const

/**
 * The statements that make both users, for an administrator of MariaDB or MySQL. Passwords are for him to choose: the
 * statements hold a place for each.
 */
export function grantStatements({ database, service, migrations, from }: Grantees): string[] {
  const userOf = (name: string): string => `'${name}'@'${from}'`
  // In a GRANT `_` stands for any letter.
  const on = `\`${database.replaceAll('_', '\\_')}\`.*`
  return [
    `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4;`,
    `CREATE USER ${userOf(service)} IDENTIFIED BY 'PASSWORD-OF-THE-SERVICE' REQUIRE SSL;`,
    `CREATE USER ${userOf(migrations)} IDENTIFIED BY 'PASSWORD-FOR-MIGRATIONS' REQUIRE SSL;`,
    `GRANT ${SERVICE_RIGHTS.join(', ')} ON ${on} TO ${userOf(service)};`,
    `GRANT ${MIGRATION_RIGHTS.join(', ')} ON ${on} TO ${userOf(migrations)};`,
  ]
}
