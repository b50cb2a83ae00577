// Package push calls browsers that are closed, by the push services of their makers.
//
// A push holds nothing: no name, no number, no word and no id, only that somebody is needed. Even so it is encrypted
// for the one browser, as the standard wants it, and padded to one length. The address that a browser gives for itself is
// a stranger's word: it has to be TLS at a public host, and is never followed elsewhere.
//
// When a push service is down the push is lost: the console and the phone do not hang on it. A browser that took its
// permission back answers that it is gone, and is forgotten.
package push
