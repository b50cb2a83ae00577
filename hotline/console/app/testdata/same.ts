// What the tests of the pure parts compare with.

export const failures: string[] = [];

export function same(what: string, got: unknown, want: unknown): void {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) failures.push(`${what} = ${g}, want ${w}`);
}
