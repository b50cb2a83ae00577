// A dialog on the browser's own element: it holds the focus, gives it back, and Esc closes it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../i18n/words.ts';
import { offers } from '../state.ts';
import { layer } from '../view.ts';
import { Ringing } from './strip.tsx';

export function shut(): void {
  layer.value = '';
}

/** Plain: there is no field to begin with, so the focus goes to the title. An offer that rings stands at its foot. */
export function Dialog(p: { title: string; children: ComponentChildren; wide?: boolean; plain?: boolean }) {
  const offer = offers.value[0];
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const d = ref.current;
    d?.showModal();
    return () => d?.close();
  }, []);
  return (
    <dialog ref={ref} class={p.wide ? 'broad' : ''} aria-labelledby="dialog-title" onCancel={(e) => { e.preventDefault(); shut(); }}>
      <div class="head">
        <h2 id="dialog-title" {...(p.plain ? { tabIndex: -1, autofocus: true } : {})}>{p.title}</h2>
        <button class="small quiet" onClick={shut}>{words.value.close}</button>
      </div>
      {p.children}
      {offer && <div class="foot-offer"><Ringing key={offer.contact.id} offer={offer} more={offers.value.length - 1} /></div>}
    </dialog>
  );
}
