/** What one unit costs, in milliseconds, as `npm run scale` measures it. */
export interface Costs {
  /** To make the delivery of one subscription. */
  fanOutMs: number;
  /** To put one job into the queue. */
  enqueueMs: number;
  /** To render, send and record one mail, by one worker process. */
  mailMs: number;
  /** To compare one counterparty with the names of a rule. */
  screenMs: number;
}

export interface Setting {
  subscriptions: number;
  /** Counterparties on all watchlists. */
  names: number;
  /** Worker processes, each on a core of its own. */
  workers: number;
  /** What the mail server takes. */
  mailsPerSecond: number;
}

/** When things had happened, in seconds after the rule was applied. */
export interface Course {
  fannedOut: number;
  firstMail: number;
  halfOfMails: number;
  lastMail: number;
  screened: number;
  /** Jobs that waited at the worst. */
  mostWaiting: number;
}

const STEP_SECONDS = 1;

/**
 * One rule on its way to everybody, second by second: deliveries are made by one process in one transaction, then put
 * into the queue by it page by page, while all processes send; the one that made them compares the watchlists
 * when it is done, and the others go on sending.
 */
export function simulate(costs: Costs, { subscriptions, names, workers, mailsPerSecond }: Setting): Course {
  const perSecond = (milliseconds: number) => (1_000 / milliseconds) * STEP_SECONDS;
  const course: Course = {
    fannedOut: 0,
    firstMail: 0,
    halfOfMails: 0,
    lastMail: 0,
    screened: 0,
    mostWaiting: 0,
  };
  let made = 0;
  let queued = 0;
  let sent = 0;
  let compared = 0;
  for (let second = STEP_SECONDS; sent < subscriptions || compared < names; second += STEP_SECONDS) {
    // What the one process has left of this second goes to its next work.
    let share = 1;
    if (made < subscriptions) {
      const least = (subscriptions - made) / perSecond(costs.fanOutMs);
      made = Math.min(subscriptions, made + perSecond(costs.fanOutMs));
      if (made < subscriptions) continue;
      course.fannedOut = second;
      share -= least;
    }
    if (queued < subscriptions) {
      const most = perSecond(costs.enqueueMs) * share;
      share -= Math.min(share, (subscriptions - queued) / perSecond(costs.enqueueMs));
      queued = Math.min(subscriptions, queued + most);
    }
    if (queued >= subscriptions && compared < names) {
      compared = Math.min(names, compared + perSecond(costs.screenMs) * share);
      share = 0;
      if (compared >= names) course.screened = second;
    }
    const lanes = workers - 1 + Math.max(share, 0);
    const sendable = Math.min(mailsPerSecond * STEP_SECONDS, lanes * perSecond(costs.mailMs));
    course.mostWaiting = Math.max(course.mostWaiting, queued - sent);
    if (sent === 0 && queued > 0) course.firstMail = second;
    sent = Math.min(queued, sent + sendable);
    if (course.halfOfMails === 0 && sent >= subscriptions / 2) course.halfOfMails = second;
    if (course.lastMail === 0 && sent >= subscriptions) course.lastMail = second;
  }
  return course;
}

/** Slope of a line through points by least squares; what does not grow with the size is left out. */
export function slope(points: readonly { size: number; value: number }[]): number {
  const mean = (of: (point: { size: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(({ size }) => size), mean(({ value }) => value)];
  const above = points.reduce((sum, { size, value }) => sum + (size - x) * (value - y), 0);
  return above / points.reduce((sum, { size }) => sum + (size - x) ** 2, 0);
}
