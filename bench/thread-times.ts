import { readdirSync, readFileSync } from 'node:fs'
import { processorTime } from './machine.ts'

/**
 * Processor time of the threads of this process and of the database server since an earlier time, and how long they waited
 * for a processor, in ms. Latencies change with other load of the machine; these figures tell why.
 */
export type ThreadTimes = { readonly since: () => Readonly<Record<Group, Times>> }

type Group = 'main' | 'helpers' | 'jobs' | 'server'
export type Times = { readonly ran: number; readonly waited: number }

const NONE: Times = { ran: 0, waited: 0 }

/**
 * `helpers`: the threads of V8 and of libuv, which are there when this is called for the first time; `jobs`: those that
 * were started since, the time of ended ones among it.
 */
export function watchThreads(serverPid: number): ThreadTimes {
  const first = new Set(tasksOf(process.pid))
  let before = read(serverPid, first)
  return {
    since() {
      const now = read(serverPid, first)
      const told = Object.fromEntries(
        GROUPS.map((group) => [
          group,
          { ran: now[group].ran - before[group].ran, waited: Math.max(0, now[group].waited - before[group].waited) },
        ]),
      ) as Record<Group, Times>
      before = now
      return told
    },
  }
}

export const GROUPS = ['main', 'helpers', 'jobs', 'server'] as const satisfies readonly Group[]

function read(serverPid: number, first: ReadonlySet<string>): Record<Group, Times> {
  const tasks = tasksOf(process.pid).map((task) => [task, timesOf(process.pid, task)] as const)
  const isMain = (task: string): boolean => task === String(process.pid)
  const main = sum(tasks.filter(([task]) => isMain(task)).map(([, times]) => times))
  const helpers = sum(tasks.filter(([task]) => !isMain(task) && first.has(task)).map(([, times]) => times))
  const jobs = sum(tasks.filter(([task]) => !first.has(task)).map(([, times]) => times))
  const server = sum(tasksOf(serverPid).map((task) => timesOf(serverPid, task)))
  const all = processorTime(process.pid) / 1_000
  return {
    main,
    helpers,
    jobs: { ...jobs, ran: all - main.ran - helpers.ran },
    server: { ...server, ran: processorTime(serverPid) / 1_000 },
  }
}

const sum = (times: readonly Times[]): Times =>
  times.reduce((all, one) => ({ ran: all.ran + one.ran, waited: all.waited + one.waited }), NONE)

const tasksOf = (pid: number): string[] => readdirSync(`/proc/${pid}/task`)

/** A thread may end meanwhile. */
function timesOf(pid: number, task: string): Times {
  try {
    const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ').map(Number)
    return { ran: ran / 1e6, waited: waited / 1e6 }
  } catch {
    return NONE
  }
}
