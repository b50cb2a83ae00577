// A dialog on the browser's own element: it holds the focus, gives it back, and Esc closes it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../i18n/words.ts';
import { layer } from '../view.ts';

export function shut(): void {
  layer.value = '';
}

export function Dialog(p: { title: string; children: ComponentChildren; wide?: boolean }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const d = ref.current;
    d?.showModal();
    return () => d?.close();
  }, []);
  return (
    <dialog ref={ref} class={p.wide ? 'broad' : ''} aria-labelledby="dialog-title" onCancel={(e) => { e.preventDefault(); shut(); }}>
      <div class="head">
        <h2 id="dialog-title">{p.title}</h2>
        <button class="small quiet" onClick={shut}>{words.value.close}</button>
      </div>
      {p.children}
    </dialog>
  );
}
