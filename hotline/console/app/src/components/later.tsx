// A part of the page that is fetched when it is first wanted, with its style.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { words } from '../i18n/words.ts';
import { layer, say } from '../view.ts';

type Part = { default: ComponentType };

const here = new Map<() => Promise<Part>, ComponentType>();

/** The style of duties; a second asking is answered by the first. */
let style: Promise<void> | null = null;

function styled(): Promise<void> {
  style ??= new Promise((done, failed) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = document.querySelector<HTMLMetaElement>('meta[name=duty-style]')?.content ?? '';
    link.onload = () => done();
    link.onerror = () => { style = null; link.remove(); failed(new Error('no style')); };
    document.head.append(link);
  });
  return style;
}

export function Later({ of }: { of: () => Promise<Part> }) {
  const state = useSignal<'waits' | 'failed' | 'here'>(here.has(of) ? 'here' : 'waits');
  useEffect(() => { if (state.value === 'waits') void fetch(); }, [state.value]);
  async function fetch() {
    try {
      const [part] = await Promise.all([of(), styled()]);
      here.set(of, part.default);
      state.value = 'here';
    } catch {
      state.value = 'failed';
    }
  }
  const Fetched = here.get(of);
  if (Fetched) return <Fetched />;
  const w = words.value;
  return (
    <main class="sheet later">
      <p role="status">{state.value === 'failed' ? w.bar.notFetched : `${w.link.connecting}…`}</p>
      {state.value === 'failed' && <p><button onClick={() => { state.value = 'waits'; }}>{w.tryAgain}</button></p>}
    </main>
  );
}

/** A dialog that is fetched when it is first wanted. It is wanted to ask the house for something, so without a line it is of no
 * use, and that is said. */
export function Soon({ of }: { of: () => Promise<Part> }) {
  const state = useSignal(here.has(of));
  useEffect(() => {
    if (!state.value) of().then((part) => { here.set(of, part.default); state.value = true; }, () => { layer.value = ''; say(words.value.bar.notFetched, true); });
  }, []);
  const Fetched = state.value ? here.get(of) : undefined;
  return Fetched ? <Fetched /> : null;
}
