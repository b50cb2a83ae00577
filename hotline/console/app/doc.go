// Package app is the page that counsellors work in: its sources, and the handler that serves them.
//
// The sources (src, css, vendor) are embedded as they were written. [New] bundles them once, in memory, with esbuild as
// a library: nothing built lies in git and no other tool runs. It fails when the sources do not bundle without a
// warning, so a broken page stops the program at its start and not a counsellor at night.
//
// The handler answers
//
//	/                        the page, never stored by a browser
//	/days                    that of somebody who is asked for her wishes, likewise
//	/assets/NAME-HASH.EXT    script and style, immutable
//	/manifest.webmanifest    a neutral name for an installed page
//	/icon.svg                a neutral icon
//	/sw.js                   the worker that says, while the page is closed, that somebody is needed
//
// and 404 for all else. It keeps no state, reads nothing but its own memory, and needs neither database nor Redis: while
// those are down the page still opens and says so itself. Every answer carries the headers of headers.go: no inline
// script or style, no third party, no framing, no referrer.
//
// A page may be a phone (src/phone): behind one small interface stand the carrier's library, which is served beside the
// page and loaded only by who is rung in it, and a simulated one for the demo. Without a phone for pages, without a
// microphone, or while the carrier cannot be reached, the page says so, and a counsellor's own phone is the way.
//
// Beside the conversations stand the pages of duties (src/duty), each at its own hash: my duties, wishes, the week, and
// for supervisors what they plan with, and the wallboard. They are fetched when the first of them is opened, with their
// words and their style, so that whoever is rung at night waits for none of it; while they cannot be fetched the page
// says so and rings all the same. The dialogs that bring somebody into a call are fetched so too. The week is drawn by
// the wall clock's one rule, which zone.ts has as package rota has it: a day of 23 or 25 hours is as long as it is.
// Hand, keys and dialog change the same slots by the same functions of cells.ts; what an edit opens, of the grid or of
// anything over it, is the server's word, asked for after each edit and shown before it is saved, and a gap is not saved
// without a reason.
//
// Whoever is asked for her wishes opens /days from any phone, without a log-in (src/days.tsx). It is a page of its own,
// so that it is small and cannot do what the console does; its secret stays behind the "#".
//
// What the page needs from the server it asks under /api/ and over the websocket at /ws; protocol.ts holds the types.
// It keeps drafts and unsent messages in sessionStorage, under the user's id, until they are sent or the user logs out;
// localStorage holds the two settings of the device (language of the page, what Enter does) and nothing else.
package app
