package main

import (
	"sort"
	"sync"
	"time"
)

// Milliseconds at the shares that are asked about.
type percentiles struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	P999  float64 `json:"p999_ms"`
	Max   float64 `json:"max_ms"`
}

func percentilesOf(times []time.Duration) percentiles {
	if len(times) == 0 {
		return percentiles{}
	}
	sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
	at := func(share float64) float64 {
		index := int(float64(len(times)) * share)
		if index >= len(times) {
			index = len(times) - 1
		}
		return float64(times[index]) / float64(time.Millisecond)
	}
	return percentiles{len(times), at(0.5), at(0.9), at(0.99), at(0.999), at(1)}
}

// What went wrong: how often, and the first few in words.
type failures struct {
	lock  sync.Mutex
	Count int      `json:"count"`
	First []string `json:"first"`
}

func (f *failures) add(sentence string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.Count++
	if len(f.First) < 10 {
		f.First = append(f.First, sentence)
	}
}
