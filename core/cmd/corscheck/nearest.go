package main

import "strings"

// nearest returns the candidate that was probably meant by a misspelt word, and
// the empty string if none is close.
func nearest(candidates []string, word string) string {
	const most = 64
	if len(word) > most {
		return ""
	}
	// Keys of other libraries and of the specification lack "allow" or have
	// underscores and dashes.
	plain := func(s string) string {
		s = strings.NewReplacer("_", "", "-", "", "accesscontrol", "").Replace(strings.ToLower(s))
		return strings.TrimPrefix(s, "allow")
	}
	best, closest := "", 3
	for _, c := range candidates {
		d := min(distance(plain(c), plain(word)), distance(strings.ToLower(c), strings.ToLower(word)))
		if d < closest {
			best, closest = c, d
		}
	}
	return best
}

// distance is the number of bytes to insert, delete or replace to turn a into b.
//
// https://en.wikipedia.org/wiki/Levenshtein_distance
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
