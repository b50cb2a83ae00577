package rota

// Limits are a line's rules of work; a rule that is 0 or false is none. Coverage warns where a plan breaks them, and
// [Fill] never does.
type Limits struct {
	Rest    int  `json:"rest_hours,omitempty"`      // free in a row within each 24 hours
	Nights  int  `json:"nights_in_a_row,omitempty"` // at most
	Hours   int  `json:"week_hours,omitempty"`      // at most from a Monday to the next
	Confirm int  `json:"confirm_hours,omitempty"`   // before a shift its people should have confirmed
	Test    int  `json:"test_days,omitempty"`       // since a person's last test page, at most
	Phone   bool `json:"phone,omitempty"`           // only who has a verified phone counts
	Second  bool `json:"second,omitempty"`          // everybody should have a second way to be reached
}

// Usual are the limits of a line that set none of its own. Confirming shifts and test pages are for lines that want them.
func Usual() Limits { return Limits{Rest: 11, Nights: 4, Hours: 48} }
