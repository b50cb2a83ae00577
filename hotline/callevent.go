package hotline

// The events of a call. Facts about a leg carry the epoch under which it was rung: that of an offer, or of the grant.
type (
	// LegAnswered is a phone that was picked up, by a person or a machine.
	LegAnswered struct {
		At
		User  UserID
		Epoch int64
	}
	// LegJoined is a leg of ours that was let into the room.
	LegJoined struct {
		At
		User  UserID
		Epoch int64
	}
	// LegEnded is a leg of ours that is over.
	LegEnded struct {
		At
		User  UserID
		Epoch int64
		How   LegEnd
	}
	// CallerJoined is the caller who was let into the room of an epoch.
	CallerJoined struct {
		At
		Room int64
	}
	// CallerLeft is the caller's own leg being over: the only thing that ends a call by itself.
	CallerLeft struct{ At }
	// CallerPressed is a key of the caller, or the language that she chose.
	CallerPressed struct {
		At
		Key      Key
		Language string
	}
	// Spoke is somebody who was heard in the room.
	Spoke struct {
		At
		Caller bool
	}
	// VoicemailLeft is a recorded message.
	VoicemailLeft struct{ At }
	// Steered is the owner holding or muting. Nil keeps its value.
	Steered struct {
		At
		By         UserID
		Hold, Mute *bool
	}
	// AskedByKeys is the owner asking a caller who cannot talk, or going back to talking.
	AskedByKeys struct {
		At
		By UserID
		On bool
	}
	// HungUp is the owner (or a supervisor) ending the call.
	HungUp struct {
		At
		By         UserID
		Supervisor bool
	}
	// Wrapped is the owner saying on her phone how the call ended.
	Wrapped struct {
		At
		By   UserID
		Said Said
	}
	// CalledBack is the owner calling a person who asked for it.
	CalledBack struct {
		At
		By    UserID
		Phone bool
	}
)

func (LegAnswered) Name() string   { return "leg.answered" }
func (LegJoined) Name() string     { return "leg.joined" }
func (LegEnded) Name() string      { return "leg.ended" }
func (CallerJoined) Name() string  { return "caller.joined" }
func (CallerLeft) Name() string    { return "caller.left" }
func (CallerPressed) Name() string { return "caller.pressed" }
func (Spoke) Name() string         { return "room.spoke" }
func (VoicemailLeft) Name() string { return "voicemail.left" }
func (Steered) Name() string       { return "call.steered" }
func (AskedByKeys) Name() string   { return "call.keys" }
func (HungUp) Name() string        { return "call.ended" }
func (Wrapped) Name() string       { return "call.wrapped" }
func (CalledBack) Name() string    { return "call.back" }

// What the carrier has to do for a call.
type (
	// Ring rings somebody, unless a leg of hers is up under this epoch.
	Ring struct {
		User  UserID
		Epoch int64
		Phone bool
	}
	// DropLeg ends the leg of a user's offer or grant.
	DropLeg struct {
		User  UserID
		Epoch int64
	}
	// ClearRoom ends all legs but the caller's, and but those of one user.
	ClearRoom struct{ But UserID }
	// MoveCaller lets the caller's leg ask where it belongs.
	MoveCaller struct{}
	// MoveLeg lets a user's leg ask where it belongs.
	MoveLeg struct {
		User  UserID
		Epoch int64
	}
	// EndCaller ends the caller's leg.
	EndCaller struct{}
	// RingCaller calls the person.
	RingCaller struct{}
	// SetRoom brings hold and mute to the carrier.
	SetRoom struct{ Held, Muted bool }
)

func (Ring) effect()       {}
func (DropLeg) effect()    {}
func (ClearRoom) effect()  {}
func (MoveCaller) effect() {}
func (MoveLeg) effect()    {}
func (EndCaller) effect()  {}
func (RingCaller) effect() {}
func (SetRoom) effect()    {}
