package auth

import "container/list"

// latest keeps the entries used last, at most size of them. It is not safe for
// concurrent use.
type latest[V any] struct {
	size  int
	order *list.List // of *entry[V], the latest first
	byKey map[uint64]*list.Element
}

type entry[V any] struct {
	key   uint64
	value V
}

func newLatest[V any](size int) *latest[V] {
	return &latest[V]{size: size, order: list.New(), byKey: map[uint64]*list.Element{}}
}

func (l *latest[V]) get(key uint64) (value V, found bool) {
	element, found := l.byKey[key]
	if !found {
		return value, false
	}
	l.order.MoveToFront(element)
	return element.Value.(*entry[V]).value, true
}

// getOr returns what stands under key, or puts there what fresh returns.
func (l *latest[V]) getOr(key uint64, fresh func() V) V {
	if value, found := l.get(key); found {
		return value
	}
	if l.order.Len() >= l.size {
		l.drop(l.order.Back().Value.(*entry[V]).key)
	}
	value := fresh()
	l.byKey[key] = l.order.PushFront(&entry[V]{key, value})
	return value
}

func (l *latest[V]) drop(key uint64) {
	if element, found := l.byKey[key]; found {
		l.order.Remove(element)
		delete(l.byKey, key)
	}
}
