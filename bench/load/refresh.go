package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"sync"
	"time"
)

type refreshReport struct {
	Rate float64 `json:"requests_per_second"`
	percentiles
	Failures *failures `json:"failures"`
}

// As fast as it goes, with one connection for each token.
func refresh(flags *flag.FlagSet, arguments []string) any {
	address := flags.String("address", "", "host:port")
	seconds := flags.Float64("seconds", 3, "how long")
	file := flags.String("tokens", "", "a JSON array of refresh tokens, each of another session")
	flags.Parse(arguments)

	tokens := texts(*file)
	found := &failures{}
	measured := make([][]time.Duration, len(tokens))
	start := time.Now()
	length := time.Duration(*seconds * float64(time.Second))
	var workers sync.WaitGroup
	for index, token := range tokens {
		workers.Add(1)
		go func(index int, token string) {
			defer workers.Done()
			line := &connection{address: *address}
			defer line.close()
			for time.Since(start) < length {
				asked := time.Now()
				next, err := exchanged(line, token, nil)
				if err != nil {
					found.add(err.Error())
					return
				}
				token = next.Refresh
				measured[index] = append(measured[index], time.Since(asked))
			}
		}(index, token)
	}
	workers.Wait()
	taken := time.Since(start)
	var all []time.Duration
	for _, times := range measured {
		all = append(all, times...)
	}
	return refreshReport{float64(len(all)) / taken.Seconds(), percentilesOf(all), found}
}

type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// The tokens that come for a refresh token.
func exchanged(line *connection, token string, fields map[string]string) (tokens, error) {
	body, err := json.Marshal(map[string]string{"refresh_token": token})
	if err != nil {
		return tokens{}, err
	}
	answer, err := line.exchange(post("/api/v1/auth/refresh", "application/json", string(body), fields))
	if err != nil {
		return tokens{}, err
	}
	if answer.status != 200 {
		return tokens{}, fmt.Errorf("a refresh is answered %d %s", answer.status, answer.body)
	}
	var found tokens
	return found, json.Unmarshal(answer.body, &found)
}
