// The three presses by which somebody says what she would of a day: on her own page, and by an address that she was sent.
import type { Will } from './types.ts';
import { words } from './words.ts';

export const wills: Will[] = ['like', 'can', 'cannot'];

/** What stands as pressed is what is kept; busy is the press that is on its way. */
export function Wills({ day, now, busy, press }: { day: string; now: Will | '' | undefined; busy?: Will | ''; press(kind: Will): void }) {
  return (
    <span class="buttons" role="group" aria-label={day}>{wills.map((k) => (
      <button key={k} class={`small will ${k}`} aria-pressed={now === k} aria-busy={busy === k} onClick={() => press(k)}>{words.value.wishes[k]}</button>
    ))}</span>
  );
}
