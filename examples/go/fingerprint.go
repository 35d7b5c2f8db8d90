package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/gowebpki/jcs"
)

// fingerprint returns the SHA-256 of a movie's canonical JSON (RFC 8785), in lower-case hex.
func fingerprint(movie json.RawMessage) (string, error) {
	canonical, err := jcs.Transform(movie)
	if err != nil {
		return "", fmt.Errorf("the movie has no canonical form: %w", err)
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:]), nil
}

// checkVectors checks the test vectors in a file and returns their number.
func checkVectors(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var file struct {
		Vectors []struct{ Name, Movie, Fingerprint string }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return 0, err
	}
	for _, vector := range file.Vectors {
		found, err := fingerprint(json.RawMessage(vector.Movie))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", vector.Name, err)
		}
		if found != vector.Fingerprint {
			return 0, fmt.Errorf("%s: %s instead of %s", vector.Name, found, vector.Fingerprint)
		}
	}
	return len(file.Vectors), nil
}
