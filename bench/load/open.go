package main

import (
	"flag"
	"fmt"
	"log"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

type openReport struct {
	Rate float64 `json:"requests_per_second"`
	percentiles
	// By how much it was late to send what found a connection: its own doing and the machine's, and part of the latency.
	Late99 float64 `json:"late_p99_ms"`
	// Those that were due and could not even be sent before the end.
	Missed   int       `json:"missed"`
	Failures *failures `json:"failures"`
}

const tick = 500 * time.Microsecond

// One thread and epoll(7), as wrk has: on the processors of those it asks, what asks must cost little. It looks around every half
// millisecond. A request that is due waits until the connection that has been free for longest takes it. Its latency runs from
// when it was due until its answer is seen, so it is told too long by up to that half millisecond, never too short.
type openLoad struct {
	requests []string
	interval time.Duration
	count    int
	start    time.Time
	end      time.Duration

	lines *lines
	// Those that wait for no answer, in the order of their answers.
	free []*keptLine
	// Whether there was one all the time since it sent something.
	hadRoom bool
	next    int
	// By the number of the request; zero when it was not answered well.
	times    []time.Duration
	late     []time.Duration
	failures *failures
}

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
	load.connect(*address, *connections)
	load.start = time.Now()
	load.run()

	measured := make([]time.Duration, 0, load.count)
	for _, taken := range load.times[unmeasured:] {
		if taken > 0 {
			measured = append(measured, taken)
		}
	}
	late := percentilesOf(load.late).P99
	return openReport{*rate, percentilesOf(measured), late, load.count - load.next, load.failures}
}

// Before the clock runs: to connect, and to be answered for the first time on a connection, is not what is measured.
func (o *openLoad) connect(address string, count int) {
	o.lines = newLines(address)
	for len(o.free) < count {
		line := o.lines.connect()
		if err := o.lines.greet(line, o.requests[len(o.free)%len(o.requests)]); err != nil {
			log.Fatalf("the first answer: %v", err)
		}
		o.free = append(o.free, line)
	}
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
		pause := tick
		if wait < pause {
			pause = wait
		}
		sleep(pause)
		for _, line := range o.lines.wait(wait - pause) {
			o.receive(line)
		}
	}
}

// All that is due and finds a connection.
func (o *openLoad) send(now time.Duration) {
	for o.next < o.count && len(o.free) > 0 {
		lateness := now - time.Duration(o.next)*o.interval
		if lateness < 0 {
			break
		}
		if o.hadRoom {
			o.late = append(o.late, lateness)
		}
		line := o.free[0]
		o.free = o.free[1:]
		line.number = o.next
		o.next++
		if err := line.send(o.requests[line.number%len(o.requests)]); err != nil {
			o.fail(line, err)
		}
	}
	o.hadRoom = len(o.free) > 0
}

func (o *openLoad) receive(line *keptLine) {
	if line.number == none {
		// The end of a connection that rested, or an answer that nobody asked for.
		o.lines.renew(line)
		return
	}
	answer, err := line.receive()
	if err != nil {
		o.fail(line, err)
		return
	}
	if answer.status == 0 {
		return
	}
	if answer.status == 200 {
		o.times[line.number] = time.Since(o.start) - time.Duration(line.number)*o.interval
	} else {
		o.failures.add(fmt.Sprintf("status %d", answer.status))
	}
	if answer.isLast {
		o.lines.renew(line)
	}
	o.release(line)
}

func (o *openLoad) fail(line *keptLine, err error) {
	o.failures.add(err.Error())
	o.lines.renew(line)
	o.release(line)
}

func (o *openLoad) release(line *keptLine) {
	line.number = none
	o.free = append(o.free, line)
}

func (o *openLoad) giveUp() {
	for _, line := range o.lines.all {
		if line.number != none {
			o.failures.add("no answer before the end")
		}
	}
}

func sleep(pause time.Duration) {
	length := syscall.NsecToTimespec(int64(pause))
	syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&length)), 0, 0)
}
