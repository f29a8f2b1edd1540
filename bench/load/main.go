// Sends requests in ways that wrk can not, and prints what it saw as one line of JSON.
//
//	load open     at a fixed rate, whatever the answers take: latency counts from when a request was due
//	load refresh  one refresh token after the other, each the successor of the last
//	load visits   people who sign up, sign in, stay a while, sign out and are then refused
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("load: ")
	if len(os.Args) < 2 {
		log.Fatal("which of open, refresh and visits?")
	}
	run, isKnown := map[string]func(*flag.FlagSet, []string) any{
		"open": open, "refresh": refresh, "visits": visits,
	}[os.Args[1]]
	if !isKnown {
		log.Fatalf("there is no %s", os.Args[1])
	}
	report := run(flag.NewFlagSet(os.Args[1], flag.ExitOnError), os.Args[2:])
	text, err := json.Marshal(report)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}

// The texts in a file that holds a JSON array of them.
func texts(path string) []string {
	content, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var found []string
	if err := json.Unmarshal(content, &found); err != nil {
		log.Fatalf("%s: %v", path, err)
	}
	if len(found) == 0 {
		log.Fatalf("%s holds nothing", path)
	}
	return found
}
