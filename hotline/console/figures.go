package console

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// figures are what an operator sees of the consoles. No id is ever a label.
type figures struct {
	sockets  prometheus.Gauge
	closes   *prometheus.CounterVec
	commands *prometheus.CounterVec
	seconds  prometheus.Histogram
	missed   prometheus.Counter
	logins   *prometheus.CounterVec
}

func newFigures(reg prometheus.Registerer) *figures {
	f := &figures{
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hopeline_console_sockets", Help: "Open sockets of counsellors."}),
		closes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hopeline_console_closed_total", Help: "Sockets that ended, by close code; 0 is a line that broke."}, []string{"code"}),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hopeline_console_commands_total", Help: "Commands, by name and error code."}, []string{"do", "code"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hopeline_console_command_seconds", Help: "How long a command took.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}),
		missed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hopeline_console_missed_total", Help: "Times that events were lost and every page was given a new picture."}),
		logins: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hopeline_console_logins_total", Help: "Log-ins, by HTTP status."}, []string{"status"}),
	}
	reg.MustRegister(f.sockets, f.closes, f.commands, f.seconds, f.missed, f.logins)
	return f
}

func (f *figures) closed(e ending) { f.closes.WithLabelValues(strconv.Itoa(e.code)).Inc() }

func (f *figures) answered(do string, err error, took time.Duration) {
	code := "ok"
	if err != nil {
		code, _, _ = answerOf(err)
	}
	f.commands.WithLabelValues(known(do), code).Inc()
	f.seconds.Observe(took.Seconds())
}
