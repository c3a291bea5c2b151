/**
 * Milliseconds of processor time that this process has used, all of its threads together. Tests of growth and of bounds
 * ask this clock: how busy the machine is does not move it, as it moves the one on the wall.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
