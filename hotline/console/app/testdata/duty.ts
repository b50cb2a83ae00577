// Tests of the pure parts of duties: the wall clock, the cells of a grid, a week as it is drawn.
import type { Finding, Shift, Slot } from '../src/duty/types.ts';
import { cellsOf, changes, length, lift, move, resize } from '../src/duty/cells.ts';
import { blocks, days, holes, weekOf } from '../src/duty/week.ts';
import { bounds, dateOf, hour, instant, minutes, monday, plus, reading, shown, time, today, weekday } from '../src/duty/zone.ts';
import { failures, same } from './same.ts';

const iso = (at: number) => new Date(at).toISOString();

// A reading is the first instant at which the clock shows it or a later one.
const readings: [string, string, number, string][] = [
  ['Europe/Copenhagen', '2026-11-23', 480, '2026-11-23T07:00:00.000Z'],
  ['Europe/Copenhagen', '2026-10-25', 150, '2026-10-25T00:30:00.000Z'], // 02:30 comes twice: the first
  ['Europe/Copenhagen', '2026-10-25', 180, '2026-10-25T02:00:00.000Z'],
  ['Europe/Copenhagen', '2026-03-29', 150, '2026-03-29T01:00:00.000Z'], // 02:30 is left out: the change
  ['Africa/Cairo', '2026-04-24', 0, '2026-04-23T22:00:00.000Z'], // midnight is left out
  ['Australia/Lord_Howe', '2026-04-05', 105, '2026-04-04T14:45:00.000Z'], // half an hour comes twice
  ['America/Santiago', '2026-09-06', 0, '2026-09-06T04:00:00.000Z'],
  ['UTC', '2026-02-28', 1440, '2026-03-01T00:00:00.000Z'],
];
for (const [zone, date, m, want] of readings) same(`instant ${zone} ${date} ${time(m)}`, iso(instant(reading(date, m), zone)), want);
for (const [date, want] of [['2026-10-25', 25], ['2026-03-29', 23], ['2026-11-23', 24]] as [string, number][]) {
  const b = bounds(date, 'Europe/Copenhagen');
  same(`hours of ${date}`, (b.to - b.from) / hour, want);
}
same('shown', iso(shown(Date.parse('2026-07-01T22:30:00Z'), 'Europe/Copenhagen')), '2026-07-02T00:30:00.000Z');
same('today', today(Date.parse('2026-12-31T23:30:00Z'), 'Europe/Copenhagen'), '2027-01-01');
same('days', [monday('2026-11-29'), weekday('2026-11-29'), plus('2026-12-30', 3), dateOf(reading('2026-11-23')), minutes('24:00')], ['2026-11-23', 7, '2027-01-02', '2026-11-23', 1440]);

// Moving and resizing: start, end, day and week stay inside the cycle, and the length holds.
const slot = (more: Partial<Slot> = {}): Slot => ({ week: 0, day: 1, start: '20:00', end: '08:00', tier: 1, users: ['anna@example.org'], ...more });
const cell = (s: Slot) => `${s.week} ${s.day} ${s.start}–${s.end} ${s.tier}`;
const moves: [string, Slot, Slot, string][] = [
  ['half an hour', slot(), move(slot(), 30, 1), '0 1 20:30–08:30 1'],
  ['a day', slot(), move(slot(), 1440, 1), '0 2 20:00–08:00 1'],
  ['over midnight', slot({ start: '23:30', end: '07:30' }), move(slot({ start: '23:30', end: '07:30' }), 30, 1), '0 2 00:00–08:00 1'],
  ['round the week', slot({ day: 7 }), move(slot({ day: 7 }), 1440, 1), '0 1 20:00–08:00 1'],
  ['into the next week of two', slot({ day: 7 }), move(slot({ day: 7 }), 1440, 2), '1 1 20:00–08:00 1'],
  ['back into the last', slot(), move(slot(), -1440, 2), '1 7 20:00–08:00 1'],
  ['to midnight', slot({ start: '15:30', end: '23:30' }), move(slot({ start: '15:30', end: '23:30' }), 30, 1), '0 1 16:00–24:00 1'],
  ['a whole day', slot({ start: '08:00', end: '08:00' }), move(slot({ start: '08:00', end: '08:00' }), 60, 1), '0 1 09:00–09:00 1'],
  ['longer', slot(), resize(slot(), 'end', 30, 1), '0 1 20:00–08:30 1'],
  ['shorter than half an hour', slot({ start: '08:00', end: '09:00' }), resize(slot({ start: '08:00', end: '09:00' }), 'end', -90, 1), '0 1 08:00–08:30 1'],
  ['earlier start', slot(), resize(slot(), 'start', -60, 1), '0 1 19:00–08:00 1'],
  ['a start after the end', slot({ start: '08:00', end: '09:00' }), resize(slot({ start: '08:00', end: '09:00' }), 'start', 120, 1), '0 1 08:30–09:00 1'],
  ['longer than a day', slot({ start: '08:00', end: '07:30' }), resize(slot({ start: '08:00', end: '07:30' }), 'end', 90, 1), '0 1 08:00–08:00 1'],
  ['below tier 1', slot(), lift(slot(), -3), '0 1 20:00–08:00 1'],
];
for (const [what, , got, want] of moves) same(what, cell(got), want);
same('length', [length(slot()), length(slot({ start: '00:00', end: '24:00' })), length(slot({ start: '08:00', end: '20:00' }))], [720, 1440, 720]);
for (let by = -20_160; by <= 20_160; by += 390) same(`there and back by ${by}`, cell(move(move(slot(), by, 2), -by, 2)), cell(slot()));

// The week as it is drawn.
const rota = { line: '*', zone: 'Europe/Copenhagen', weeks: 2, anchor: '2026-11-23', slots: [slot({ id: 'night' }), slot({ id: 'day', start: '08:00', end: '20:00', users: [] })] };
same('week of', [weekOf(rota, '2026-11-23'), weekOf(rota, '2026-11-30'), weekOf(rota, '2026-11-22'), weekOf(rota, '2026-12-13'), weekOf({}, '2026-11-23')], [0, 1, 1, 0, 0]);
const shift = (id: string, date: string, start: string, end: string, users: string[]): Shift => ({
  id: `*/${id}/${date}/0`, line: '*', slot: id, day: date, start, end, zone: 'Europe/Copenhagen', tier: 1, kind: 'duty', min: 1, users: users.map((user) => ({ user, why: '', state: 'planned' as const })), away: [], empty: 1 - users.length, why: '',
});
const saved = cellsOf(rota), night = shift('night', '2026-11-23', '2026-11-23T19:00:00Z', '2026-11-24T07:00:00Z', ['anna']);
const plan = [night, shift('day', '2026-11-23', '2026-11-23T07:00:00Z', '2026-11-23T19:00:00Z', []), shift('holiday', '2026-11-25', '2026-11-25T07:00:00Z', '2026-11-25T19:00:00Z', ['bo'])];
const drawn = blocks(rota, saved, saved, plan, '2026-11-23');
same('blocks', drawn.map((b) => `${b.key} ${b.users.join()} ${b.cell !== null}`), ['day 2026-11-23  true', 'night 2026-11-23 anna true', '*/holiday/2026-11-25/0 bo false']);
same('a cancelled shift', blocks(rota, saved, saved, plan.slice(1), '2026-11-23').some((b) => b.cell?.key === 'night'), false);
const edited = saved.map((c) => c.key === 'night' ? { ...c, slot: move(c.slot, 1440, 2) } : c);
same('a moved one', blocks(rota, edited, saved, plan, '2026-11-23').find((b) => b.cell?.key === 'night')?.date, '2026-11-24');
same('changes', [changes(saved, saved), changes(saved, edited), changes(saved, edited.slice(1))], [0, 1, 1]);
const lasting = (from: string, to: string, user: string): Shift => ({ ...night, start: from, end: to, users: [{ user, why: '', state: 'planned' }] });
const parts = blocks(rota, saved, saved, [lasting('2026-11-23T19:00:00Z', '2026-11-23T21:00:00Z', 'anna'), lasting('2026-11-23T21:00:00Z', '2026-11-24T07:00:00Z', 'bo')], '2026-11-23');
same('changed while it ran', parts.map((b) => `${b.key} ${iso(b.from).slice(11, 16)}–${iso(b.to).slice(11, 16)} ${b.users.join()}`), ['night 2026-11-23 19:00–21:00 anna', 'night 2026-11-23 1 21:00–07:00 bo']);
const old = blocks(rota, saved, saved, [{ ...night, day: '2026-11-24', tier: 2 }], '2026-11-23');
same('when the plan had it on another day', old.map((b) => [b.date, b.tier, b.cell]), [['2026-11-24', 2, null]]);
const found = (from: string, to: string, kind = 'gap'): Finding => ({ kind, tier: 1, slot: 0, from, to, times: 1, words: '' });
const answers = [found('2026-11-24T07:00:00Z', '2026-11-25T07:00:00Z'), found('2026-11-25T07:00:00Z', '2026-11-25T09:00:00Z', 'min'), found('2026-11-29T20:00:00Z', '2026-11-30T07:00:00Z')];
const week = days(drawn, '2026-11-23', 'Europe/Copenhagen', answers);
same('cut at midnight', week[1]?.lanes[0]?.pieces.map((p) => [p.at / hour, p.to / hour, p.begins, p.ends]), [[0, 8, false, true]]);
same('gaps are those that were found', week.map((d) => d.gaps.map((g) => (g.to - g.from) / hour).join()), ['', '16', '8', '', '', '', '3']);
same('gaps of the week', holes(answers, { from: week[0]!.from, to: week[6]!.from + week[6]!.long }).map((g) => `${iso(g.from).slice(5, 16)} ${(g.to - g.from) / hour}`), ['11-24T07:00 24', '11-29T20:00 3']);
same('open seats', [drawn.map((b) => b.empty), blocks(rota, saved, saved, [{ ...night, empty: 1 }], '2026-11-23').map((b) => b.empty)], [[1, 0, 0], [1]]);
const autumn = days(blocks({ ...rota, weeks: 1 }, cellsOf({ ...rota, weeks: 1, slots: [slot({ day: 6, id: 'n' })] }), [], [], '2026-10-19').filter(() => true), '2026-10-19', 'Europe/Copenhagen');
same('the long day', autumn.map((d) => d.long / hour), [24, 24, 24, 24, 24, 24, 25]);

Object.assign(globalThis, { failures });
