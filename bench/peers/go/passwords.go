package main

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// As many hashes at once as there are processors: more would take memory and give nothing.
var hashing = make(chan struct{}, runtime.NumCPU())

// What the name of nobody is checked against, for as long as any other.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

var errMalformedHash = errors.New("the stored hash is malformed")

// Whether a password has this hash, written as the PHC string format says.
func matches(password, stored string) (bool, error) {
	fields := strings.Split(stored, "$")
	var memory, passes uint32
	var lanes uint8
	if len(fields) != 6 || fields[1] != "argon2id" || fields[2] != "v=19" {
		return false, errMalformedHash
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false, err
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, err
	}
	digest, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil {
		return false, err
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	computed := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(digest)))
	return subtle.ConstantTimeCompare(computed, digest) == 1, nil
}
