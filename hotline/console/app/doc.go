// Package app is the page that counsellors work in: its sources, and the handler that serves them.
//
// The sources (src, css, vendor) are embedded as they were written. [New] bundles them once, in memory, with esbuild as
// a library: nothing built lies in git and no other tool runs. It fails when the sources do not bundle without a
// warning, so a broken page stops the program at its start and not a counsellor at night.
//
// The handler answers
//
//	/                        the page, never stored by a browser
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
// What the page needs from the server it asks under /api/ and over the websocket at /ws; protocol.ts holds the types.
// It keeps drafts and unsent messages in sessionStorage, under the user's id, until they are sent or the user logs out;
// localStorage holds the two settings of the device (language of the page, what Enter does) and nothing else.
package app
