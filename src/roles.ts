export const ROLES = ['all', 'web', 'worker', 'scheduler'] as const;

/** What a process does: everything, pages and feeds, jobs, or only the schedules of jobs. */
export type Role = (typeof ROLES)[number];
