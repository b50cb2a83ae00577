package simulator

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestALapseIsAsLongAsItsTimeAndHasItsSteps(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]int{
		1: 1, 300 * time.Microsecond: 1, time.Millisecond: 1, 10 * time.Millisecond: 10, 50 * time.Millisecond: 50, time.Second: 50, time.Hour: 50,
	} {
		synctest.Test(t, func(t *testing.T) {
			began, l, n := time.Now(), newLapse(d), 1
			for <-l.C; !l.over(); <-l.C {
				n++
			}
			if took := time.Since(began); took < d || took > d+time.Millisecond || n != want {
				t.Errorf("a lapse of %v took %v in %d steps, want %d", d, took, n, want)
			}
		})
	}
}

// What stalls the machine makes a lapse longer by itself, and takes no more than one of its steps.
func TestALapseWaitsForAMachineThatStalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const whole, stall = 50 * time.Millisecond, time.Second
		began, l := time.Now(), newLapse(whole)
		<-time.After(stall) // nobody looks meanwhile
		for <-l.C; !l.over(); <-l.C {
		}
		if took := time.Since(began); took < stall+whole*9/10 {
			t.Errorf("with a stall of %v it took %v", stall, took)
		}
	})
}
