// The week as a grid: a row for each day, lanes by tier, blocks true to time. Hand, keys and dialog change the same slots.
import { useEffect, useRef } from 'preact/hooks';
import { signal, useSignal } from '@preact/signals';
import { called, chief, stamp } from './ask.ts';
import { changed } from './cells.ts';
import * as edit from './edit.ts';
import { draw, drawing, grab, press, wasDrag } from './hand.ts';
import { tier, tongues, yoursWords } from './parts.tsx';
import { show } from './sheet.tsx';
import { ShiftDialog } from './shiftdialog.tsx';
import type { Block, Day, Lane, Piece } from './week.ts';
import { words } from './words.ts';
import { hm, hour, instant, longDay, reading, shortDay } from './zone.ts';

/** Said aloud after a change by keys. */
const said = signal('');
/** The block that keeps the focus while it is moved by keys: each time it is drawn anew. It is let go when she goes elsewhere. */
const next = signal('');

const percent = (part: number, whole: number) => `${(part / whole * 100).toFixed(3)}%`;

export function Grid({ days, held, zone }: { days: Day[]; held: Day[]; zone: string }) {
  const w = words.value.week, most = Math.max(24 * hour, ...days.map((d) => d.long)), box = useRef<HTMLDivElement>(null), at = useSignal('');
  useEffect(() => {
    if (!next.value) return;
    if ((document.activeElement as HTMLElement | null)?.dataset['cell'] === next.value) return;
    const piece = [...box.current?.querySelectorAll<HTMLElement>('.piece') ?? []].find((p) => p.dataset['cell'] === next.value && p.dataset['begins'] === 'yes');
    piece?.focus();
  });
  function keys(e: KeyboardEvent) {
    const piece = (e.target as HTMLElement).closest<HTMLElement>('.piece'), cell = piece?.dataset['cell'] ?? '';
    if ((e.ctrlKey || e.metaKey) && e.key === 'z') { e.preventDefault(); edit.undo(); return; }
    if (!piece) return;
    const after = beside(piece, box.current);
    if (cell && chief() && press(e, cell)) {
      e.preventDefault();
      next.value = e.key === 'Delete' ? after : cell;
      const s = edit.cells.value.find((c) => c.key === cell)?.slot;
      said.value = s ? w.moved(`${longDayOf(s.day, days)} ${s.start}–${s.end}, ${tier(s.tier)}`) : '';
    } else rove(e, box.current);
  }
  const first = days.flatMap((d) => d.lanes).flatMap((l) => l.pieces)[0]?.block.key ?? '';
  const here = days.some((d) => d.lanes.some((l) => l.pieces.some((p) => p.block.key === at.value))) ? at.value : first;
  return (
    <div class="gridbox">
      <div class="grid" ref={box} onKeyDown={keys} onPointerDown={() => { next.value = ''; }} onFocusOut={(e) => { if (e.relatedTarget) next.value = ''; }}
        onFocusIn={(e) => { at.value = (e.target as HTMLElement).closest<HTMLElement>('.piece')?.dataset['block'] ?? at.value; }}>
        <Hours most={most} />
        {days.map((d, i) => <Row key={d.date} day={d} days={days} held={held[i]} most={most} zone={zone} here={here} />)}
      </div>
      {chief() && <p class="soft hint">{w.keys}</p>}
      <p class="unseen" role="status">{said.value}</p>
    </div>
  );
}

/** The block that has the focus when this one is taken out. */
function beside(piece: HTMLElement, box: HTMLElement | null): string {
  const all = [...box?.querySelectorAll<HTMLElement>('.piece[data-begins=yes]') ?? []].filter((p) => p === piece || p.dataset['cell'] !== piece.dataset['cell']);
  const at = all.indexOf(piece);
  return (all[at + 1] ?? all[at - 1])?.dataset['cell'] ?? '';
}

function longDayOf(n: number, days: Day[]): string {
  return longDay(days[n - 1]?.date ?? days[0]!.date);
}

/** Arrows alone go from block to block. */
function rove(e: KeyboardEvent, box: HTMLElement | null): void {
  const to = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[e.key];
  if (!to || !box || e.shiftKey || e.ctrlKey) return;
  e.preventDefault();
  const all = [...box.querySelectorAll<HTMLElement>('.piece[data-begins=yes]')], at = all.indexOf(document.activeElement as HTMLElement);
  all[Math.max(0, Math.min(all.length - 1, at + to))]?.focus();
}

function Hours({ most }: { most: number }) {
  return (
    <div class="hours" aria-hidden="true"><span /><span class="scale">
      {[0, 3, 6, 9, 12, 15, 18, 21].map((h) => <span key={h} style={{ insetInlineStart: percent(h * hour, most) }}>{String(h).padStart(2, '0')}</span>)}
    </span></div>
  );
}

function Row({ day: d, days, held, most, zone, here }: { day: Day; days: Day[]; held: Day | undefined; most: number; zone: string; here: string }) {
  const w = words.value.week, odd = d.long !== 24 * hour;
  return (
    <section class={odd ? 'dayrow odd' : 'dayrow'} aria-label={longDay(d.date)}>
      <div class="dayhead">
        <h3>{shortDay(d.date)}</h3>
        {chief() && <button class="small quiet" aria-label={w.addOn(longDay(d.date))} onClick={() => show(() => <ShiftDialog date={d.date} />)}>+</button>}
      </div>
      <div class="lanes">
        {odd && <Odd day={d} most={most} zone={zone} />}
        {d.lanes.map((l) => <LaneRow key={l.tier} day={d} lane={l} held={held?.lanes.find((x) => x.tier === l.tier)?.pieces ?? []} days={days} most={most} zone={zone} here={here} />)}
      </div>
    </section>
  );
}

/** On the day on which the clock changes its hours are written out: one is missing, or comes twice. */
function Odd({ day: d, most, zone }: { day: Day; most: number; zone: string }) {
  const hours: number[] = [];
  for (let at = d.from; at < d.from + d.long; at += hour) hours.push(at);
  return (
    <>
      <p class="oddwords">{words.value.week.hours(Math.round(d.long / hour * 10) / 10)}</p>
      <div class="scale own" aria-hidden="true">{hours.map((at) => <span key={at} style={{ insetInlineStart: percent(at - d.from, most) }}>{hm(at, zone).slice(0, 2)}</span>)}</div>
    </>
  );
}

function LaneRow({ day: d, lane, held, days, most, zone, here }: { day: Day; lane: Lane; held: Piece[]; days: Day[]; most: number; zone: string; here: string }) {
  const ghost = drawing.value;
  function made(date: string, t: number, from: number, to: number) {
    show(() => <ShiftDialog date={date} tier={t} start={hm(from, zone)} end={hm(to, zone)} />);
  }
  return (
    <div class="lane" data-date={d.date} data-tier={lane.tier} style={{ '--rows': lane.rows } as never}
      onPointerDown={(e) => { if (e.target === e.currentTarget) draw(e, days, most, made); }}>
      <span class="width" style={{ inlineSize: percent(d.long, most) }} aria-hidden="true">
        {[6, 12, 18].map((h) => <i key={h} style={{ insetInlineStart: percent(instant(reading(d.date, h * 60), zone) - d.from, d.long) }} />)}
      </span>
      <span class="lanename" aria-hidden="true">{lane.tier || words.value.interpreterShort}</span>
      {lane.tier === 1 && d.gaps.map((g) => (
        <span key={g.from} class="hole" style={{ insetInlineStart: percent(g.from - d.from, most), inlineSize: percent(g.to - g.from, most) }} aria-hidden="true">{g.to - g.from >= 2 * hour && words.value.week.gap}</span>
      ))}
      {lane.pieces.map((p) => <PieceBlock key={`${p.block.key} ${p.begins}`} piece={p} days={days} most={most} zone={zone} here={here} />)}
      {held.map((p) => <Ghost key={p.at} at={p.at} to={p.to} most={most} words={`${hm(p.block.from, zone)}–${hm(p.block.to, zone)}`} />)}
      {ghost?.date === d.date && ghost.tier === lane.tier && <Ghost at={ghost.from - d.from} to={ghost.to - d.from} most={most} words={`${hm(ghost.from, zone)}–${hm(ghost.to, zone)}`} />}
    </div>
  );
}

function Ghost({ at, to, most, words }: { at: number; to: number; most: number; words: string }) {
  return <span class="piece ghost" style={{ insetInlineStart: percent(at, most), inlineSize: percent(to - at, most) }}>{words}</span>;
}

/** What the shape and the place of a block say, in words for who hears it. */
function spoken(b: Block): string {
  const w = words.value;
  return [tier(b.tier), b.kind === 'shadow' ? w.shadow : '', b.cell ? '' : w.week.over, b.cell && changed(b.cell) ? w.week.edited : ''].filter(Boolean).join(', ');
}

function PieceBlock({ piece: p, days, most, zone, here }: { piece: Piece; days: Day[]; most: number; zone: string; here: string }) {
  const b = p.block, missing = b.empty > 0, w = words.value;
  const kind = ['piece', b.kind, `tier${Math.min(b.tier, 3)}`, missing ? 'missing' : '', b.cell && changed(b.cell) ? 'changed' : '', b.cell ? '' : 'over', edit.held.value?.key === b.cell?.key && b.cell ? 'lifted' : '', p.begins ? 'begins' : '', p.ends ? 'ends' : ''];
  const mayMove = chief() && b.cell !== null;
  return (
    <button class={kind.filter(Boolean).join(' ')} data-cell={b.cell?.key ?? ''} data-block={b.key} data-begins={p.begins ? 'yes' : 'no'}
      tabIndex={p.begins && b.key === here ? 0 : -1} title={[b.shift?.why, yoursWords(stamp(b.from), stamp(b.to), zone)].filter(Boolean).join('\n')}
      style={{ insetInlineStart: percent(p.at, most), inlineSize: percent(p.to - p.at, most), '--row': p.row } as never}
      onPointerDown={(e) => grab(e, b, days, most, zone)}
      onClick={() => { if (!wasDrag()) show(() => <ShiftDialog block={b} date={b.date} />); }}>
      {mayMove && p.begins && <i class="grip before" data-grip="start" />}
      <span class="text"><b>{hm(b.from, zone)}–{hm(b.to, zone)}</b> {b.kind === 'closed' ? w.closed : b.users.map(called).join(', ') || w.nobody}{b.kind === 'interpreter' && ` · ${tongues(b)}`}{missing && ` · ${w.empty(b.empty)}`}{b.shift?.users.some((u) => u.state === 'here') && ` · ✓ ${w.states.here}`}<span class="unseen">, {spoken(b)}</span></span>
      {mayMove && p.ends && <i class="grip after" data-grip="end" />}
    </button>
  );
}
