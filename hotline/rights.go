package hotline

import "time"

// Viewer is a user as she is logged in.
type Viewer struct {
	User
	Since time.Time // when this session began
}

// Sees tells whether v may know that the contact exists: who waits is known to everybody on duty, who is live to those
// concerned, who is overdue to all. Somebody who was brought into a call knows of it.
func (v Viewer) Sees(c Contact) bool {
	switch {
	case !v.Role.Answers():
		return false
	case v.Role == Supervisor, v.ReadsWords(c):
		return true
	case c.State == Waits, c.State == Asked, c.State == FollowUp, c.Overdue:
		return c.State != Closed
	}
	return c.Transfer != nil && c.Transfer.User == v.ID || c.HasLeg(v.ID)
}

// SeesAddress tells whether v may see the address in clear: its assignee and supervisors may.
func (v Viewer) SeesAddress(c Contact) bool {
	return v.Role == Supervisor || v.Role.Answers() && c.Live() && c.Owner == v.ID
}

// ReadsWords tells whether v may read messages, media and notes: the assignee, the last assignee until her session
// ends, and supervisors. Reading is audited.
func (v Viewer) ReadsWords(c Contact) bool {
	switch {
	case !v.Role.Answers():
		return false
	case v.Role == Supervisor, c.Live() && c.Owner == v.ID:
		return true
	}
	return c.LastOwner == v.ID && !c.Left.IsZero() && v.Since.Before(c.Left)
}
