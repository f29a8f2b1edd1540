package main

import (
	"flag"
	"fmt"
	"log"
	"runtime"
	"syscall"
	"time"
)

type openReport struct {
	Rate float64 `json:"requests_per_second"`
	percentiles
	// Those that were due and could not even be sent before the end.
	Missed int `json:"missed"`
	// How late this program itself was, at the same share of its pauses: the machine's doing, and part of the latency.
	Late99   float64   `json:"late_p99_ms"`
	Failures *failures `json:"failures"`
}

// One thread and epoll(7), like wrk, which looks around every half millisecond at most: on the processors of those it asks,
// what asks must cost little. A request that is due waits until the connection that has been free for longest takes it. Its
// latency runs from when it was due until its answer is seen, so it is told too long by that half millisecond, never too short.
type openLoad struct {
	requests []string
	interval time.Duration
	count    int
	start    time.Time
	end      time.Duration

	lines *lines
	// Those that wait for no answer, in the order of their answers.
	free []*line
	next int
	// By the number of the request; zero when it was not answered well.
	times    []time.Duration
	failures *failures
	// By how much each pause was longer than it was meant to be.
	late []time.Duration
}

const tick = 500 * time.Microsecond

func open(flags *flag.FlagSet, arguments []string) any {
	address := flags.String("address", "", "a.b.c.d:port")
	rate := flags.Float64("rate", 100, "requests a second")
	seconds := flags.Float64("seconds", 3, "how long")
	warmUp := flags.Float64("warm-up", 0.3, "seconds at the beginning that do not count")
	connections := flags.Int("connections", 64, "how many")
	file := flags.String("requests", "", "a JSON array of whole requests, sent in turn")
	flags.Parse(arguments)

	unmeasured := int(*rate * *warmUp)
	load := openLoad{
		requests: texts(*file),
		interval: time.Duration(float64(time.Second) / *rate),
		count:    unmeasured + int(*rate**seconds),
		failures: &failures{},
	}
	if load.count <= unmeasured {
		log.Fatal("nothing to send")
	}
	load.end = time.Duration(load.count)*load.interval + 5*time.Second
	load.times = make([]time.Duration, load.count)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// On a machine of its own it would never wait for those it asks. Who is not root is content with less.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, -15)
	// Before the clock runs: connecting is not what is measured.
	load.lines = newLines(*address, *connections)
	for _, line := range load.lines.all {
		load.free = append(load.free, line)
	}
	load.start = time.Now()
	load.run()

	measured := make([]time.Duration, 0, load.count)
	for _, taken := range load.times[unmeasured:] {
		if taken > 0 {
			measured = append(measured, taken)
		}
	}
	late := percentilesOf(load.late).P99
	return openReport{*rate, percentilesOf(measured), load.count - load.next, late, load.failures}
}

func (o *openLoad) run() {
	for {
		now := time.Since(o.start)
		if now > o.end {
			o.giveUp()
			return
		}
		o.send(now)
		if o.next == o.count && len(o.free) == len(o.lines.all) {
			return
		}
		wait := o.end - now
		if o.next < o.count && len(o.free) > 0 {
			wait = time.Duration(o.next)*o.interval - now
		}
		o.late = append(o.late, sleep(min(wait, tick)))
		for _, line := range o.lines.wait(wait - tick) {
			o.receive(line)
		}
	}
}

// All that is due and finds a connection.
func (o *openLoad) send(now time.Duration) {
	for o.next < o.count && len(o.free) > 0 && time.Duration(o.next)*o.interval <= now {
		line := o.free[0]
		o.free = o.free[1:]
		line.number = o.next
		o.next++
		if err := line.send(o.requests[line.number%len(o.requests)]); err != nil {
			o.fail(line, err)
		}
	}
}

func (o *openLoad) receive(line *line) {
	status, err := line.receive()
	if err != nil {
		o.fail(line, err)
		return
	}
	if status == 0 {
		return
	}
	if status == 200 {
		o.times[line.number] = time.Since(o.start) - time.Duration(line.number)*o.interval
	} else {
		o.failures.add(fmt.Sprintf("status %d", status))
	}
	line.number = none
	o.free = append(o.free, line)
}

// Nothing is lost when the other side closes a connection on which nothing was asked.
func (o *openLoad) fail(line *line, err error) {
	if line.number != none {
		o.failures.add(err.Error())
		line.number = none
		o.free = append(o.free, line)
	}
	o.lines.renew(line)
}

func (o *openLoad) giveUp() {
	for _, line := range o.lines.all {
		if line.number != none {
			o.failures.add("no answer before the end")
		}
	}
}

func min(a, b time.Duration) time.Duration {
	if a < b {
		return a
	}
	return b
}
