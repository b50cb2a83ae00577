package console

import "sync"

// inbox does the jobs of one connection in their order, on a goroutine that exists only while there are some: a slow
// command keeps neither the reader from seeing pongs nor the writer from writing.
type inbox struct {
	most int
	busy sync.WaitGroup

	mu      sync.Mutex
	jobs    []func()
	working bool
	shut    bool
}

// put adds a job; urgent ones are the house's own and always find room. False: full, or shut.
func (i *inbox) put(job func(), urgent bool) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shut || !urgent && len(i.jobs) >= i.most {
		return false
	}
	i.add(job)
	return true
}

// last adds a job after which none is taken any more.
func (i *inbox) last(job func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.shut {
		i.shut = true
		i.add(job)
	}
}

// add needs the lock.
func (i *inbox) add(job func()) {
	i.jobs = append(i.jobs, job)
	if !i.working {
		i.working = true
		i.busy.Go(i.work)
	}
}

// empty throws away what was not begun, and takes nothing more.
func (i *inbox) empty() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.jobs, i.shut = nil, true
}

// wait returns when all jobs are done. It is for the connection's end, when nobody puts any more.
func (i *inbox) wait() {
	i.mu.Lock()
	i.shut = true
	i.mu.Unlock()
	i.busy.Wait()
}

func (i *inbox) work() {
	for {
		job := i.next()
		if job == nil {
			return
		}
		job()
	}
}

func (i *inbox) next() func() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.jobs) == 0 {
		i.jobs, i.working = nil, false
		return nil
	}
	job := i.jobs[0]
	i.jobs = i.jobs[1:]
	return job
}
