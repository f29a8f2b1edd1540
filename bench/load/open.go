package main

import (
	"flag"
	"fmt"
	"log"
	"runtime"
	"sync"
	"syscall"
	"time"
)

type openReport struct {
	Rate float64 `json:"requests_per_second"`
	percentiles
	// Those that were due and could not even be sent before the end.
	Missed   int       `json:"missed"`
	Failures *failures `json:"failures"`
}

func open(flags *flag.FlagSet, arguments []string) any {
	address := flags.String("address", "", "host:port")
	rate := flags.Float64("rate", 100, "requests a second")
	seconds := flags.Float64("seconds", 3, "how long")
	warmUp := flags.Float64("warm-up", 0.3, "seconds at the beginning that do not count")
	connections := flags.Int("connections", 64, "how many")
	file := flags.String("requests", "", "a JSON array of whole requests, sent in turn")
	flags.Parse(arguments)

	requests := texts(*file)
	unmeasured := int(*rate * *warmUp)
	count := unmeasured + int(*rate**seconds)
	if count <= unmeasured {
		log.Fatal("nothing to send")
	}
	interval := time.Duration(float64(time.Second) / *rate)
	end := time.Duration(count)*interval + 5*time.Second
	due := make(chan int, count)
	times := make([]time.Duration, count)
	found := &failures{}

	// Before the clock runs: connecting is not what is measured.
	lines := make([]*connection, *connections)
	for index := range lines {
		lines[index] = &connection{address: *address}
		if answer, err := lines[index].exchange(requests[index%len(requests)]); err != nil || answer.status != 200 {
			log.Fatalf("the first answer: %d %v", answer.status, err)
		}
	}
	start := time.Now()
	var workers sync.WaitGroup
	for _, line := range lines {
		workers.Add(1)
		go func(line *connection) {
			defer workers.Done()
			defer line.close()
			for number := range due {
				if time.Since(start) > end {
					continue
				}
				answer, err := line.exchange(requests[number%len(requests)])
				if err != nil {
					found.add(err.Error())
				} else if answer.status != 200 {
					found.add(fmt.Sprintf("status %d", answer.status))
				} else {
					times[number] = time.Since(start) - time.Duration(number)*interval
				}
			}
		}(line)
	}
	pace(start, interval, count, due)
	close(due)
	workers.Wait()

	measured := make([]time.Duration, 0, count)
	for _, taken := range times[unmeasured:] {
		if taken > 0 {
			measured = append(measured, taken)
		}
	}
	missed := 0
	for _, taken := range times {
		if taken == 0 {
			missed++
		}
	}
	return openReport{*rate, percentilesOf(measured), missed - found.Count, found}
}

// Tells the workers what is due, on a thread of its own: the timers of the runtime are a millisecond coarse.
func pace(start time.Time, interval time.Duration, count int, due chan<- int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for number := 0; number < count; {
		wait := time.Duration(number)*interval - time.Since(start)
		if wait > 0 {
			moment := syscall.NsecToTimespec(int64(wait))
			syscall.Nanosleep(&moment, nil)
			continue
		}
		due <- number
		number++
	}
}
