package simulator

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// policy is how often and how long an address is asked, from its fragment: #ct=5000&rt=15000&tt=15000&rc=1&rp=ct.
type policy struct {
	connect, read, total time.Duration
	retries              int
	on                   []string // 4xx 5xx ct rt all
}

// readPolicy reads the fragment of an address. What is missing or out of range keeps the carrier's default.
func readPolicy(address string) policy {
	p := policy{connect: 5 * time.Second, read: 15 * time.Second, total: 15 * time.Second, retries: 1, on: []string{"ct"}}
	_, fragment, _ := strings.Cut(address, "#")
	for part := range strings.SplitSeq(fragment, "&") {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		number := err == nil
		switch {
		case name == "ct" && number && n >= 100 && n <= 10_000:
			p.connect = time.Duration(n) * time.Millisecond
		case name == "rt" && number && n >= 100 && n <= 15_000:
			p.read = time.Duration(n) * time.Millisecond
		case name == "tt" && number && n >= 100 && n <= 15_000:
			p.total = time.Duration(n) * time.Millisecond
		case name == "rc" && number && n >= 0 && n <= 5:
			p.retries = n
		case name == "rp" && value != "":
			p.on = strings.Split(value, ",")
		}
	}
	return p
}

// again says whether a failure of this kind is worth another attempt. A document that came and is bad is not.
func (p policy) again(why string) bool {
	if why == "2xx" || why == "3xx" {
		return false
	}
	return slices.Contains(p.on, why) || slices.Contains(p.on, "all")
}
