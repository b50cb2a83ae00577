package console

import "time"

// Stamp is a time of the wire: RFC 3339 in UTC, always with milliseconds, so that stamps sort as texts do.
type Stamp time.Time

const stampLayout = "2006-01-02T15:04:05.000Z07:00"

func (s Stamp) String() string { return time.Time(s).UTC().Format(stampLayout) }

// MarshalText writes the stamp.
func (s Stamp) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads any RFC 3339 time.
func (s *Stamp) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(text))
	*s = Stamp(t.UTC())
	return err
}
