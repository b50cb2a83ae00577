package hotline

// What the carrier's own lists say, for when its reports did not come, and what it keeps of those who reached us.

// ListedCall is an incoming call as the carrier's list shows it.
type ListedCall struct {
	IncomingCall
	State LegState // of the caller's leg
}

// ListedRecording is a recording as the carrier's list shows it.
type ListedRecording struct {
	Recording
	Room   string // our name of the room that was recorded; empty: a leg
	Making bool   // it is still being made
	Empty  bool   // nothing was said
}

// TraceKind is what a trace is.
type TraceKind string

// The kinds of traces. A message is deleted with its files.
const (
	MessageTrace   TraceKind = "message"
	CallTrace      TraceKind = "call"
	RecordingTrace TraceKind = "recording"
)

// Trace is something that lies at the carrier, and should be gone some time after we have it.
type Trace struct {
	Kind   TraceKind
	SID    string
	Parent string // of a call that a document dialled, and of a recording: the call; else empty
}

// Unexpected says that the carrier recorded what nobody asked it to. The recording is to be deleted there at once.
type Unexpected struct{}

func (Unexpected) notice() {}
