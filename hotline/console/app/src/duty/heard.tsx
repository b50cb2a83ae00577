// Whether somebody would hear anything: the sound of her open pages, and the push to her browsers. Word, shape and colour.
import type { PushState, Sound } from '../protocol.ts';
import type { Standing } from './types.ts';
import { words } from './words.ts';

interface Mark { shape: string; colour: string }

const sounds: Record<Sound, Mark> = {
  on: { shape: '●', colour: 'ok' }, blocked: { shape: '▲', colour: 'warn' }, off: { shape: '■', colour: 'danger' }, unknown: { shape: '○', colour: 'soft' },
};
const pushes: Record<PushState, Mark> = {
  works: { shape: '●', colour: 'ok' }, fails: { shape: '▲', colour: 'warn' }, none: { shape: '○', colour: 'soft' },
};

export function SoundMark({ of }: { of: Sound }) {
  const m = sounds[of];
  return <span class={`heard ${m.colour}`}><i aria-hidden="true">{m.shape}</i>{words.value.heard.sounds[of]}</span>;
}

/** Sound is asked of open pages only. */
export function Heard({ of: s }: { of: Standing }) {
  const m = pushes[s.push];
  return <>{s.console && <SoundMark of={s.sound} />}<span class={`heard ${m.colour}`}><i aria-hidden="true">{m.shape}</i>{words.value.heard.pushes[s.push]}</span></>;
}
