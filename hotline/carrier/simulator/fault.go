package simulator

import (
	"fmt"
	"slices"
	"time"
)

// Fault is something that a correct service never does. What says it without the values it carried.
type Fault struct {
	At   time.Time
	Kind FaultKind
	What string
}

// FaultKind groups faults.
type FaultKind string

// The kinds of faults.
const (
	UnknownPath  FaultKind = "unknown path"     // a REST address or method that does not exist
	UnknownField FaultKind = "unknown field"    // a misspelled, repeated or unusable form or query field
	BadAnswer    FaultKind = "bad answer"       // a webhook's 2xx that is not TwiML, a redirect, a 4xx
	BadCallback  FaultKind = "bad callback URL" // a StatusCallback that could never be called
	NobodysPhone FaultKind = "nobody's phone"   // a message to a number that no phone has
	Unsimulated  FaultKind = "not simulated"    // real at the carrier, missing here
	OpenLeg      FaultKind = "open leg"         // a call that nobody ended before Close
	Leak         FaultKind = "leak"             // a caller's number where a counsellor or a log can see it
)

func (f Fault) String() string { return string(f.Kind) + ": " + f.What }

// Faults lists them, oldest first. A test ends with: if f := c.Faults(); len(f) > 0 { t.Errorf(…) }.
func (c *Carrier) Faults() []Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.faults)
}

// ForgetFaults empties the list and returns it, for a test that provoked some on purpose.
func (c *Carrier) ForgetFaults() []Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.faults
	c.faults = nil
	return all
}

// Alert is an entry of the carrier's error log: a webhook that failed in a way a service may fail.
type Alert struct {
	At     time.Time
	Code   int // 11200 and its kin
	SID    string
	Status int // the HTTP status, 0 for none
}

// Alerts lists them, oldest first.
func (c *Carrier) Alerts() []Alert {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.alerts)
}

// fault records one. The caller does not hold mu.
func (c *Carrier) fault(kind FaultKind, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faulted(kind, format, args...)
}

// faulted is fault for who holds mu.
func (c *Carrier) faulted(kind FaultKind, format string, args ...any) {
	c.faults = append(c.faults, Fault{At: c.cfg.Now().UTC(), Kind: kind, What: fmt.Sprintf(format, args...)})
	c.wake()
}

func (c *Carrier) alert(sid string, a Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alerts = append(c.alerts, Alert{At: c.cfg.Now().UTC(), Code: a.Code, SID: sid, Status: a.Status})
	c.wake()
}
