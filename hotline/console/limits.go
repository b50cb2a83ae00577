package console

import "time"

// limits are the sizes and times of the wire. Tests shorten the times.
type limits struct {
	sockets  int // of one user
	everyone int // sockets in all

	queued int // frames that wait for one socket's writer
	bytes  int // the same, in bytes
	inbox  int // commands that wait for one socket's worker

	commands float64 // a second, for one socket
	burst    int

	ping    time.Duration // between two pings
	pong    time.Duration // without one the line is dead
	write   time.Duration // for one frame
	linger  time.Duration // for the other side's goodbye
	command time.Duration // for one command
	goodbye time.Duration // for all commands in hand at the end

	queue    time.Duration // at least so long between two queue.changed
	seen     time.Duration // between two words to Presence
	degraded time.Duration // between two looks at Presence.Degraded
	session  time.Duration // between two looks at the sessions
}

var defaults = limits{
	sockets: 4, everyone: 20_000,
	queued: 512, bytes: 16 << 20, inbox: 64,
	commands: 30, burst: 60,
	ping: 10 * time.Second, pong: 25 * time.Second, write: 20 * time.Second, linger: 5 * time.Second,
	command: 10 * time.Second, goodbye: 5 * time.Second,
	queue: 250 * time.Millisecond, seen: 5 * time.Second, degraded: time.Second, session: 2 * time.Second,
}

// Sizes that the protocol promises.
const (
	maxFrame   = 64 << 10
	maxRef     = 100
	maxID      = 100
	maxReason  = 1 << 10
	maxOutcome = 4 << 10

	openDefault, openMost = 50, 200
	listDefault, listMost = 200, 10_000
)
