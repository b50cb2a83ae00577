package simulator

import "time"

// lapse lets a time go by in steps. On a machine that stalls a step takes longer, and there are not fewer of them: whoever
// would act within the time, as a test that presses a key, is not cut short by what keeps both of them waiting.
type lapse struct {
	*time.Timer
	step time.Duration
	left int
}

// steps is in how many a lapse is divided; none is shorter than a millisecond.
const steps = 50

func newLapse(d time.Duration) *lapse {
	step := max(d/steps, time.Millisecond)
	return &lapse{time.NewTimer(min(max(d, 0), step)), step, int((d - 1) / step)}
}

// over takes the end of a step, and says whether it was the last.
func (l *lapse) over() bool {
	if l.left <= 0 {
		return true
	}
	l.left--
	l.Reset(l.step)
	return false
}
