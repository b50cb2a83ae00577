package absence

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"hopeline/routing/rota"
)

// zones finds the zones that a calendar names.
type zones struct {
	usual *time.Location            // for what names none, or one that nobody knows
	known map[string]*time.Location // by name; each is looked for once
}

// zonesOf takes what a calendar says of its own zones: some give the usual name beside their own.
func zonesOf(c *ics.Calendar, usual *time.Location) *zones {
	z := &zones{usual: usual, known: map[string]*time.Location{"": usual}}
	for _, zone := range c.Timezones() {
		id, place := zone.GetProperty(ics.ComponentProperty(ics.PropertyTzid)), zone.GetProperty("X-LIC-LOCATION")
		if id != nil && place != nil {
			if found := located(place.Value); found != nil {
				z.known[id.Value] = found
			}
		}
	}
	return z
}

func (z *zones) of(name string) *time.Location {
	if found, ok := z.known[name]; ok {
		return found
	}
	found := located(name)
	if found == nil {
		found = z.usual
	}
	z.known[name] = found
	return found
}

// located is the zone of a name: of the usual ones, those of Windows, or with something before the usual one, as in
// "/mozilla.org/20050126_1/Europe/Berlin". Nil: nobody knows it.
func located(name string) *time.Location {
	name = strings.Trim(name, `"' `)
	if usual, ok := windows[name]; ok {
		name = usual
	}
	parts := strings.Split(name, "/")
	for from := max(0, len(parts)-3); from < len(parts); from++ {
		tail := strings.Join(parts[from:], "/")
		if tail == "" || tail == "Local" || len(tail) > 64 {
			continue
		}
		if found, err := rota.Zones().Place(tail); err == nil {
			return found
		}
	}
	return nil
}
